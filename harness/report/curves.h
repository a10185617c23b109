#pragma once

#include <vector>

#include "harness/report/figure.h"
#include "harness/report/grid.h"

namespace samplerbench::harness::reporting {

// Quality against seconds, and against passes over the data (where there are none, gradients), one figure
// each for every metric of the choice that has values: a panel a target, a curve a sampler (mean over seeds,
// band from least to most), the noise floor in grey; a line across (final mean, its 95 % interval as a band)
// for each of the choice's `lines`. More than most_curves of both are split over figures "-part1", "-part2",
// ..., with all lines in each. `suffix` ends the file names.
std::vector<Figure> curve_figures(const Grid& grid, const FigureEntry& choice, const std::string& suffix);

}  // namespace samplerbench::harness::reporting
