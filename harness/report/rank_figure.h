#pragma once

#include <vector>

#include "harness/report/figure.h"
#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// Mean ranks of the samplers over the targets with half the critical difference either way, one figure for
// every metric of the choice that ranks: two samplers whose intervals do not overlap differ. Needs two
// targets and two samplers.
std::vector<Figure> rank_figures(const Grid& grid, const FigureEntry& choice, const std::string& suffix);

// The same as a table with Friedman's test of each metric, over every "ranks" figure of the experiment; no
// rows where it has none.
Table rank_test_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
