#pragma once

#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// The images that records keep, one figure a target: a panel of ten rows of ten for the data's own, where the
// floor's record has them, and for each sampler of the choice; more panels than fit are split over figures.
// Empty where no record holds images. `suffix` ends the file names; `warnings` names files that cannot be
// shown.
std::vector<Figure> image_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                  std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
