#pragma once

#include <vector>

#include "harness/report/figure.h"
#include "harness/report/grid.h"

namespace samplerbench::harness::reporting {

// Quality against seconds and quality against gradients, one figure each for every metric of quality (those
// with a noise floor: diagnostics of chains have tables alone) that has values: a panel a target, a curve a
// sampler (mean over seeds, band from least to most), the noise floor in grey.
std::vector<Figure> curve_figures(const Grid& grid);

}  // namespace samplerbench::harness::reporting
