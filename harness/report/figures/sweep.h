#pragma once

#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// Quality at the end of the budget against the value of one option, a figure a metric: a panel a target, a
// line for every set of samplers that differ in that option alone, 95 % intervals, the noise floor in grey.
// Samplers that no other differs from in this way are left out. An option that no sampler has is one of the
// targets: then there is a panel for every set of targets that differ in it alone, and a line a sampler.
// `suffix` ends the file names.
std::vector<Figure> sweep_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix);

}  // namespace samplerbench::harness::reporting
