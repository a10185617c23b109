#pragma once

#include <string>
#include <vector>

#include "harness/catalog.h"
#include "harness/report/figure.h"
#include "harness/report/grid.h"

namespace samplerbench::harness::reporting {

// Draws over density contours: a row a target, a column for exact draws and one for each sampler. Of targets
// in more than two dimensions the first two coordinates, without contours. Empty where no record holds draws.
std::vector<Figure> scatter_figures(const Grid& grid, const Catalog& catalog,
                                    std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
