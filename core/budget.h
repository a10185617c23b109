#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "core/json.h"
#include "core/usage.h"

namespace samplerbench {

// A limit on work. At least one member is set. The first limit that is reached ends the run.
struct Budget {
  std::optional<int64_t> steps;
  std::optional<int64_t> score;       // scores and Hessian-vector products together, per point
  std::optional<double> data_passes;  // over the target's whole data set, per point
  std::optional<double> wall_s;
  std::optional<double> cpu_s;  // of the process, all its threads together

  // The largest share of any limit that `usage` has used up. The budget is spent at 1.
  double spent(const Usage& usage) const;

  // The limit that was reached ("steps", "score", "data_passes", "wall_s" or "cpu_s"), or nothing while there
  // is work left.
  std::optional<std::string> reached(const Usage& usage) const;

  static auto fields() {
    return std::tuple{rare_field("steps", &Budget::steps), rare_field("score", &Budget::score),
                      rare_field("data_passes", &Budget::data_passes), rare_field("wall_s", &Budget::wall_s),
                      rare_field("cpu_s", &Budget::cpu_s)};
  }
};

// Throws InputError for unknown members, wrong types, limits that are not positive, and no limit at all;
// `where` prefixes the message.
Budget budget_from_json(const Json& json, const std::string& where);

}  // namespace samplerbench
