#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// How often a 95 % interval from few seeds holds the value over all seeds.
struct Coverage {
  size_t seeds = 0;        // of one interval
  std::string interval;    // "Student's t of the mean", "BCa of the median"
  double mean = 0;         // over the cells, each with the same weight
  double worst_tenth = 0;  // the 10 % quantile of the cells
  int64_t cells = 0;       // a target, a sampler and a metric of quality each
};

// With fewer seeds an experiment does not tell it.
inline constexpr size_t kFewestForCoverage = 20;

// By drawing 5 and 10 of the seeds' values 200 times a cell, with replacement: so that the values of all
// seeds are the whole law, whose mean and median are known, and an interval needs no correction for a finite
// population. Without replacement, means of half of the values would be symmetric about the mean of all.
// Cells with a failed seed or with equal values are left out. Nothing for fewer than kFewestForCoverage
// seeds.
std::vector<Coverage> interval_coverage(const Grid& grid);

}  // namespace samplerbench::harness::reporting
