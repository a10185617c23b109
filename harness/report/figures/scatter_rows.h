#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/figures/contours.h"

namespace samplerbench::harness {
struct Catalog;
}

namespace samplerbench::harness::reporting {

// A rectangle of the plane.
struct Window {
  std::array<double, 2> low{};
  std::array<double, 2> high{};

  bool holds(const std::array<double, 2>& point) const {
    return point[0] >= low[0] && point[0] <= high[0] && point[1] >= low[1] && point[1] <= high[1];
  }
};

// One sampler's draws on one target, or the word that stands in their place.
struct ScatterPanel {
  Points points;
  std::string word;
};

// What a figure of draws shows of one target.
struct ScatterRow {
  std::string target;
  Window window;
  std::vector<std::vector<Line>> contours;  // by level, the innermost first
  std::vector<ScatterPanel> panels;         // exact draws first
};

// The draws of the first seed that has some, over contours of the density where the target is planar. Nothing
// where no record holds draws.
std::optional<ScatterRow> scatter_row(const Grid& grid, const Choice& target,
                                      const std::vector<std::string>& samplers, const Catalog& catalog,
                                      std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
