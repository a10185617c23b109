#include "core/usage.h"

namespace samplerbench {

Json to_json(const Usage& usage) {
  return {{"steps", usage.steps},   {"density", usage.density},
          {"score", usage.score},   {"hessian_vector", usage.hessian_vector},
          {"wall_s", usage.wall_s}, {"cpu_s", usage.cpu_s}};
}

}  // namespace samplerbench
