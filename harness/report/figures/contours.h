#pragma once

#include <array>
#include <functional>
#include <vector>

namespace samplerbench::harness::reporting {

using Line = std::vector<std::array<double, 2>>;

// A square grid of log densities over a rectangle; values[row * side + column], rows along y.
struct Field {
  std::array<double, 2> low{};
  std::array<double, 2> high{};
  size_t side = 0;
  std::vector<double> values;
};

// The log densities whose regions of higher density hold the given shares of the field's mass
// (highest-density regions).
std::vector<double> region_levels(const Field& field, const std::vector<double>& shares);

// The level's contour as open and closed lines (marching squares), thinned to what can be seen.
std::vector<Line> contour(const Field& field, double level);

}  // namespace samplerbench::harness::reporting
