#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/fields.h"

namespace samplerbench::harness {

// The side of a number on which a claim wants the left to be.
enum class Direction { lower, higher };

inline auto words(Direction) {
  return std::to_array<std::pair<Direction, const char*>>(
      {{Direction::lower, "lower"}, {Direction::higher, "higher"}});
}

// The right side of a claim that is held against the noise floor.
inline constexpr const char* kFloorLabel = "floor";

// A sentence as a comparison that a machine can check: left < factor * right, or > where the direction is
// higher.
struct Claim {
  std::string id;
  std::string text;
  std::string source;
  std::string target;  // label
  std::string metric;  // label of a metric, or train.wall_s, draw.cpu_s, draw.score, reach.cpu_s, ...
  std::string left;    // label of a sampler
  // Label of a sampler, or "floor" (the 95 % quantile of the metric's noise floor), or a number.
  Json right = "";
  double factor = 1;
  Direction direction = Direction::lower;
  // The option of the targets in which both sides are slopes: of the metric's logarithm against the option's.
  // Empty: they are values.
  std::string slope = {};
  std::vector<std::string> slope_targets = {};  // labels, by the option; `target` is the last
  bool must_hold = false;                       // --check-claims fails where the runs do not reproduce it

  bool against_floor() const { return right == kFloorLabel; }
  std::optional<double> constant() const {
    return right.is_number() ? std::optional(right.get<double>()) : std::nullopt;
  }
  // The sampler on the right; empty where there is none.
  std::string right_sampler() const {
    return right.is_string() && !against_floor() ? right.get<std::string>() : "";
  }

  static auto fields() {
    return std::tuple{field("id", &Claim::id),
                      field_or("text", &Claim::text),
                      field_or("source", &Claim::source),
                      field("target", &Claim::target),
                      field("metric", &Claim::metric),
                      field("left", &Claim::left),
                      field("right", &Claim::right),
                      field_or("factor", &Claim::factor),
                      field_or("direction", &Claim::direction),
                      rare_field("slope", &Claim::slope),
                      rare_field("slope_targets", &Claim::slope_targets),
                      rare_field("must_hold", &Claim::must_hold)};
  }
};

}  // namespace samplerbench::harness
