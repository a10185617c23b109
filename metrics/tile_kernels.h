#pragma once

#include <cstdint>

#include "metrics/tile.h"

// Vector loops over a tile, for the instruction set of the machine that runs them. NaN stays NaN in all.
namespace samplerbench::metrics {

// Two sets of points as columns: x [dim, n] and y [dim, m].
struct Columns {
  const double* x;
  const double* y;
  int64_t n;
  int64_t m;
  int64_t dim;
};

// Writes |x_i - y_j|^2 of every pair of the tile.
void fill_squared_distances(const Columns& points, const Tile& tile);

// Two sets of points as rows: x [n, dim] and y [m, dim].
struct PointRows {
  const double* x;
  const double* y;
  int64_t dim;
};

// The tile holds the inner products x_i.y_j, which become |x_i|^2 + |y_j|^2 - 2 x_i.y_j, or 0 where rounding
// makes that negative. x_norms [n] and y_norms [m] are the squared norms. Rounding leaves an error of at most
// (2 dim + 8) 2^-53 (|x_i|^2 + |y_j|^2). With `exact`, the same points up to a common shift, a distance below
// 2^-12 of the sum of the norms, or not finite, is made anew by differences; the relative error of all is
// then at most (2 dim + 8) 2^-41: 7e-10 for 784 coordinates, and in practice about its root.
void products_to_squared_distances(const double* x_norms, const double* y_norms, const Tile& tile,
                                   const PointRows* exact = nullptr);

// In place: squared distances become distances.
void take_roots(const Tile& tile);

// In place: squared distances r2 become the mean of exp(rate r2 4^k) for k = 0, ..., 4. rate <= 0.
void mix_gaussians(double rate, const Tile& tile);

// The sum of `count` values.
double sum_of(const double* values, int64_t count);

}  // namespace samplerbench::metrics
