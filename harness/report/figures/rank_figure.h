#pragma once

#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// Mean ranks of the samplers over the targets with half the critical difference either way, one figure for
// every metric of the choice that ranks: two samplers whose intervals do not overlap differ. Needs two
// targets and two samplers.
std::vector<Figure> rank_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix);

}  // namespace samplerbench::harness::reporting
