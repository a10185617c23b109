#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness {
struct Catalog;
}

namespace samplerbench::harness::reporting {

// What is left out of the figures that an experiment asks for.
struct FigureLimits {
  size_t metrics = std::numeric_limits<size_t>::max();  // of each figure, the first ones
  size_t cost_metrics = metrics;                        // the same of figures of cost
  bool seconds_alone = false;                           // curves over time, and none over gradients or passes
  bool one_of_a_kind = false;                           // the first figure of each kind alone
};

// The figures that the experiment asks for. Where it asks for none: curves of every metric of quality (the
// last samplers whose draws are made afresh are lines across), and the draws, as images on targets of images.
std::vector<FigureChoice> asked_figures(const Grid& grid);

// Those figures, within the limits. A second figure of one kind has a numbered file name. A figure that has
// nothing to show is a line in `warnings`.
std::vector<Figure> chosen_figures(const Grid& grid, const Catalog& catalog, const FigureLimits& limits,
                                   std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
