#pragma once

#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness {
struct Catalog;
}

namespace samplerbench::harness::reporting {

// Draws over density contours: a row a target, a column for exact draws and one for each sampler of the
// choice; more samplers or targets than fit are split over figures. Of targets in more than two dimensions
// the first two coordinates, without contours. Empty where no record holds draws. `suffix` ends the file
// names.
std::vector<Figure> scatter_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                    const Catalog& catalog, std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
