#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/friedman.h"
#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// The ranks of some samplers over some targets by one metric, and what they tell.
struct RankTest {
  std::string metric;
  size_t targets = 0;                 // on which the metric judged all of the samplers
  std::vector<std::string> samplers;  // best mean rank first; oracles are left out
  std::vector<double> mean_ranks;     // in that order
  FriedmanTest test;
};

// Every metric of the choice that ranks at least two samplers on at least two targets.
std::vector<RankTest> rank_tests(const Grid& grid, const FigureChoice& choice);

}  // namespace samplerbench::harness::reporting
