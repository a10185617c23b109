#include "core/usage.h"

namespace samplerbench {

Usage& Usage::operator+=(const Usage& other) {
  steps += other.steps;
  density += other.density;
  score += other.score;
  hessian_vector += other.hessian_vector;
  wall_s += other.wall_s;
  cpu_s += other.cpu_s;
  return *this;
}

Json to_json(const Usage& usage) {
  return {{"steps", usage.steps},   {"density", usage.density},
          {"score", usage.score},   {"hessian_vector", usage.hessian_vector},
          {"wall_s", usage.wall_s}, {"cpu_s", usage.cpu_s}};
}

Usage usage_from_json(const Json& json) {
  return {.steps = json.at("steps"),
          .density = json.at("density"),
          .score = json.at("score"),
          .hessian_vector = json.at("hessian_vector"),
          .wall_s = json.at("wall_s"),
          .cpu_s = json.at("cpu_s")};
}

}  // namespace samplerbench
