#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/json.h"
#include "core/usage.h"

namespace samplerbench {

// A limit on work. At least one member is set; whichever is reached first ends the run.
struct Budget {
  std::optional<int64_t> steps;
  std::optional<int64_t> score;       // scores and Hessian-vector products together, per point
  std::optional<double> data_passes;  // over the target's whole data set, per point
  std::optional<double> wall_s;

  // The largest share of a limit that `usage` has reached: 1 or more means spent.
  double spent(const Usage& usage) const;

  // The limit that was reached ("steps", "score", "data_passes" or "wall_s"), or nothing while there is work
  // left.
  std::optional<std::string> reached(const Usage& usage) const;
};

Json to_json(const Budget& budget);

// Throws InputError (prefixed with `where`) for unknown members, wrong types, limits that are not positive,
// or none.
Budget budget_from_json(const Json& json, const std::string& where);

}  // namespace samplerbench
