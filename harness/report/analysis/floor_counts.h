#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// On which targets a sampler is at the noise floor by one metric.
struct FloorCount {
  const SamplerChoice* sampler = nullptr;
  std::string metric;
  int64_t targets = 0;             // whose floor is known
  std::vector<std::string> at;     // targets
  std::vector<std::string> below;  // targets
};

// The metrics of quality that have a floor on some target.
std::vector<std::string> floored_metrics(const Grid& grid);

// One for every sampler and floored metric; all metrics of a sampler stand together.
std::vector<FloorCount> floor_counts(const Grid& grid);

// "3 of 40 replications on funnel gave no value (too few draws)" for each target whose noise floor by the
// metric lacks some; the floor is of the others.
std::vector<std::string> refused_replications(const Grid& grid, const std::string& metric);

}  // namespace samplerbench::harness::reporting
