#pragma once

#include <cstdint>
#include <functional>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

// A box of the plane, edges included.
struct Box {
  Tensor low, high;  // [2] float64, on the CPU

  // The smallest box that holds `points` [N, 2], with `margin` times its width more on every side.
  static Box around(const Tensor& points, double margin);

  // [N, 2] -> [N] bool.
  Tensor holds(const Tensor& x) const;
};

// The law with the density exp(g(x)) / Z in a box of the plane, and nothing outside. It is known to the
// resolution of a grid of cells x cells equal cells. Z comes from the midpoint rule, which is exact to
// rounding for a smooth density that vanishes at the edges and is resolved. Draws are those of the density
// that is constant in each cell, by the inverse of its distribution function, one coordinate after the other:
// with cells of side h the variance of a coordinate is too large by h^2 / 12.
class GridLaw {
 public:
  using Function = std::function<Tensor(const Tensor&)>;  // g: [N, 2] -> [N], outside any graph

  // Evaluates g at every cell's centre, in float64. Throws Diverged where it is not finite.
  GridLaw(Function g, const Box& box, int64_t cells);

  // [n, 2] float64, on the CPU.
  Tensor draw(int64_t n, Rng& rng) const;

  // log Z.
  double log_z() const { return log_z_; }

  // g(x) - log Z in the box, -infinity outside: [N, 2] -> [N], in the dtype of x.
  Tensor log_density(const Tensor& x) const;

 private:
  Tensor values() const;  // [cells, cells], rows along the first coordinate

  Function g_;
  Box box_;
  int64_t cells_;
  Tensor sides_;    // [2], of a cell
  Tensor rows_;     // [cells + 1], the share of the law below each edge of the first coordinate
  Tensor columns_;  // [cells^2 + 1], k + the share of row k below each edge of the second
  double log_z_ = 0;
};

}  // namespace samplerbench::samplers
