#pragma once

#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// Quality against seconds, against passes over the data for the targets that have data, and against gradients
// for those that have none, one figure each for every metric of the choice that has values: a panel a target,
// a curve a sampler (mean over seeds, band from least to most), the noise floor in grey; a line across (final
// mean, its 95 % interval as a band) for each of the choice's `lines`. More than kMostCurves of both are
// split over figures "-part1", "-part2",
// ..., with all lines in each. `suffix` ends the file names.
std::vector<Figure> curve_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                  bool seconds_alone = false);

}  // namespace samplerbench::harness::reporting
