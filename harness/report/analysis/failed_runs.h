#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// A run that did not finish, a place without a record, or a finished run of which a metric failed.
struct FailedRun {
  std::string target;
  const SamplerChoice* sampler = nullptr;
  uint64_t seed = 0;
  const Run* run = nullptr;  // null: no record
  std::string status;        // "diverged", "missing", "metric error", ...
  std::string reason;
};

// In the experiment's order.
std::vector<FailedRun> failed_runs(const Grid& grid);

}  // namespace samplerbench::harness::reporting
