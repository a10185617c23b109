#pragma once

#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// Quality against gradients a draw, a figure a metric: a panel a target. Samplers whose draws are the states
// of chains or particles pay training and drawing for every set anew: a point each, at (training + drawing) /
// draws, joined by a line where they are of one registered sampler. Samplers that are trained once are
// levels: what they spend is in training, which any number of draws share. `suffix` ends the file names.
std::vector<Figure> gradient_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix);

}  // namespace samplerbench::harness::reporting
