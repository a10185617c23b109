#pragma once

#include <cstdint>
#include <functional>

#include "core/tensor.h"
#include "metrics/tile.h"

namespace samplerbench::metrics {

// How squared distances within a tile are made.
enum class PairForm {
  automatic,  // by the number of coordinates
  fused,      // coordinate by coordinate, in registers: best in few dimensions
  products,   // |x|^2 + |y|^2 - 2 x.y with one matrix product a tile: best in many; where that cancels, by
              // differences
};

// The form that `automatic` stands for with `dim` coordinates.
PairForm resolve(PairForm form, int64_t dim);

// Turns a tile of squared distances into values f(i, j), in place. Several threads call it at once.
using TileFunction = std::function<void(const Tile&)>;

// Sums over pairs of points, in float64 on the CPU; x is [N, D], y is [M, D]. Each thread holds one tile;
// there is no matrix of all pairs. The sum is the same for every number of threads. A squared distance is off
// by no more than products_to_squared_distances says, however far from the others a point is. All functions
// throw CannotJudge where a point is not finite, or is so large (about 1e153) that a squared distance could
// overflow.

// sum over i != j of f(i, j), for symmetric f. Visits about half the pairs.
double sum_within(const Tensor& x, const TileFunction& f, PairForm form = PairForm::automatic);

// sum over all N * M pairs of f(i, j).
double sum_between(const Tensor& x, const Tensor& y, const TileFunction& f,
                   PairForm form = PairForm::automatic);

// sum over i != j of w_ir w_jr f(i, j) for every column r of `weights` [N, R], for symmetric f: [R].
Tensor quadratic_forms(const Tensor& x, const Tensor& weights, const TileFunction& f,
                       PairForm form = PairForm::automatic);

// |x_i - y_j|^2 of all pairs, for few rows of x or of y: [N, M].
Tensor squared_distances(const Tensor& x, const Tensor& y);

// A point near most rows of x [N, D], wherever a few of them are: the medians of the coordinates of at most
// 101 rows, evenly spaced: [1, D].
Tensor central_point(const Tensor& x);

// The lower median of |x_i - x_j| over i < j. Needs N >= 2. Memory: that of 2^22 distances at most.
double median_distance(const Tensor& x);

// The length of a kernel: `given` if it is above 0, else the median distance within `x`, or 1 if that is 0.
double kernel_length(double given, const Tensor& x);

}  // namespace samplerbench::metrics
