#pragma once

#include <cstdint>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// One sampler over all targets and metrics of quality.
struct Standing {
  const SamplerChoice* sampler = nullptr;
  double rank_sum = 0;
  int64_t ranked = 0;    // cells that rank it
  int64_t at_floor = 0;  // cells whose mean is at the noise floor, neither worse nor better than exact
  int64_t floors = 0;    // cells whose noise floor is known
  int64_t failed = 0;    // runs
  int64_t missing = 0;   // runs
  int64_t runs = 0;      // planned

  // Infinite where no cell ranks it.
  double mean_rank() const;
};

// The best mean rank first.
std::vector<Standing> standings(const Grid& grid);

}  // namespace samplerbench::harness::reporting
