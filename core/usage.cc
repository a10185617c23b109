#include "core/usage.h"

namespace samplerbench {

Json to_json(const Usage& usage) {
  Json json{{"steps", usage.steps},   {"density", usage.density},
            {"score", usage.score},   {"hessian_vector", usage.hessian_vector},
            {"wall_s", usage.wall_s}, {"cpu_s", usage.cpu_s}};
  if (usage.data_passes > 0) json["data_passes"] = usage.data_passes;
  return json;
}

}  // namespace samplerbench
