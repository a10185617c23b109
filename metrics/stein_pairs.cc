#include "metrics/stein_pairs.h"

#include <hwy/base.h>

#include "metrics/stein_kernels.h"

namespace samplerbench::metrics {
namespace {

// Turns one row of squared distances into Stein's kernel.
void apply_kernel(const RadialKernel& kernel, int64_t count, int64_t dim, const double* inner,
                  const double* cross, double* values) {
  HWY_ALIGN_MAX double value[kMaxTileColumns], slope[kMaxTileColumns], trace[kMaxTileColumns];
  const RadialTerms terms{value, slope, trace};
  kernel.evaluate(count, dim, values, terms);
  combine_stein_terms(count, terms, inner, cross, values);
}

}  // namespace

SteinPairs::SteinPairs(const Tensor& points, const Tensor& scores, const RadialKernel& kernel, PairForm form)
    : kernel_(kernel), form_(resolve(form, points.size(1))), points_(points), scores_(scores) {
  torch::NoGradGuard no_grad;
  if (form_ == PairForm::fused) {
    point_columns_ = points.t().contiguous();
    score_columns_ = scores.t().contiguous();
    return;
  }
  points_ = points.contiguous();
  scores_ = scores.contiguous();
  // Only differences matter in the product of (s_i - s_j) and (x_i - x_j), and small numbers round less.
  const Tensor x = points_ - central_point(points_), s = scores_ - central_point(scores_);
  joint_ = torch::cat({x, s}, 1);
  swapped_ = torch::cat({s, x}, 1);
  score_dot_point_ = (x * s).sum(1);
  point_lengths_ = x.norm(2, 1);
  score_lengths_ = s.norm(2, 1);
}

double SteinPairs::off_diagonal() const {
  return sum_within(
      points_, [this](const Tile& tile) { fill(tile); }, form_);
}

Tensor SteinPairs::diagonal() const {
  const double zero = 0;
  double value = 0, slope = 0, trace = 0;
  kernel_.evaluate(1, points_.size(1), &zero, {&value, &slope, &trace});
  return value * scores_.square().sum(1) + trace;
}

Tensor SteinPairs::weighted_off_diagonal(const Tensor& weights) const {
  return quadratic_forms(
      points_, weights, [this](const Tile& tile) { fill(tile); }, form_);
}

void SteinPairs::fill(const Tile& tile) const {
  if (form_ == PairForm::products) return fill_by_products(tile);
  HWY_ALIGN_MAX double inner[kMaxTileColumns], cross[kMaxTileColumns];
  const ScoredColumns columns{point_columns_.data_ptr<double>(), score_columns_.data_ptr<double>(),
                              points_.size(0), points_.size(1)};
  for (int64_t a = 0; a < tile.rows; ++a) {
    multiply_scores(columns, tile.row + a, tile.column, tile.columns, inner, cross);
    apply_kernel(kernel_, tile.columns, columns.dim, inner, cross, tile.values + a * tile.columns);
  }
}

void SteinPairs::fill_by_products(const Tile& tile) const {
  torch::NoGradGuard no_grad;
  const int64_t dim = points_.size(1);
  Tensor inner =
      torch::mm(scores_.narrow(0, tile.row, tile.rows), scores_.narrow(0, tile.column, tile.columns).t());
  Tensor cross =
      torch::mm(swapped_.narrow(0, tile.row, tile.rows), joint_.narrow(0, tile.column, tile.columns).t());
  const double* dots = score_dot_point_.data_ptr<double>();
  const ScoredRows rows{points_.data_ptr<double>(), scores_.data_ptr<double>(),
                        point_lengths_.data_ptr<double>(), score_lengths_.data_ptr<double>(), dim};
  for (int64_t a = 0; a < tile.rows; ++a) {
    double* row = cross.data_ptr<double>() + a * tile.columns;
    finish_cross(tile.columns, dots[tile.row + a], dots + tile.column, row);
    mend_cross(rows, tile.row + a, tile.column, tile.columns, row);
    apply_kernel(kernel_, tile.columns, dim, inner.data_ptr<double>() + a * tile.columns, row,
                 tile.values + a * tile.columns);
  }
}

SteinStatistics stein_statistics(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
                                 PairForm form) {
  const SteinPairs pairs(points, scores, kernel, form);
  const double n = static_cast<double>(points.size(0));
  const double off_diagonal = pairs.off_diagonal();
  const Tensor own = pairs.diagonal();
  const double diagonal = own.sum().item<double>();
  return {.v = (off_diagonal + diagonal) / (n * n),
          .u = off_diagonal / (n * (n - 1)),
          .largest_own = own.max().item<double>() / diagonal};
}

}  // namespace samplerbench::metrics
