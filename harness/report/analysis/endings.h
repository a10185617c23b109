#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// Of one sampler: how many runs ended so, and on which targets.
struct Ending {
  int64_t runs = 0;
  int64_t disturbed = 0;  // of these
  std::vector<std::string> targets;
};

// By status, over all targets and seeds; statuses that do not occur are absent.
std::map<Status, Ending> endings_of(const Grid& grid, const SamplerChoice& sampler);

}  // namespace samplerbench::harness::reporting
