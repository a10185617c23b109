#pragma once

#include <cstdint>
#include <functional>

#include "core/tensor.h"

namespace samplerbench::metrics {

// A rectangle of the matrix of all pairs: entry [a, b] of `values`, row-major, belongs to the pair of point
// row + a with point column + b.
struct Tile {
  int64_t row = 0;
  int64_t rows = 0;
  int64_t column = 0;
  int64_t columns = 0;
  double* values = nullptr;
};

// How squared distances within a tile are made.
enum class PairForm {
  automatic,  // by the number of coordinates
  fused,      // coordinate by coordinate, in registers: best in few dimensions
  products,   // |x|^2 + |y|^2 - 2 x.y with one matrix product a tile: best in many
};

// The form that `automatic` stands for with `dim` coordinates.
PairForm resolve(PairForm form, int64_t dim);

// Receives a tile of squared distances and turns it into values f(i, j), in place. Called from several
// threads at once. No tile has more columns than this:
using TileFunction = std::function<void(const Tile&)>;
constexpr int64_t kMaxTileColumns = 512;

// Sums over pairs of points, in float64 on the CPU. The matrix of pairs never exists: one tile a thread is
// all that is held, and the sum is the same for every number of threads. x is [N, D], y is [M, D].

// sum over i != j of f(i, j), for symmetric f: about half the pairs are visited.
double sum_within(const Tensor& x, const TileFunction& f, PairForm form = PairForm::automatic);

// sum over all N * M pairs of f(i, j).
double sum_between(const Tensor& x, const Tensor& y, const TileFunction& f,
                   PairForm form = PairForm::automatic);

// sum over i != j of w_ir w_jr f(i, j) for every column r of `weights` [N, R], for symmetric f: [R].
Tensor quadratic_forms(const Tensor& x, const Tensor& weights, const TileFunction& f,
                       PairForm form = PairForm::automatic);

// The lower median of |x_i - x_j| over i < j, to a relative 1e-6. Needs N >= 2.
double median_distance(const Tensor& x);

// The length of a kernel: `given` where that is above 0, else the median distance within `x`, or 1 where that
// is 0.
double kernel_length(double given, const Tensor& x);

}  // namespace samplerbench::metrics
