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
  const Tensor centred = points - points.mean(0, true);  // only differences of points matter
  joint_ = torch::cat({centred, scores}, 1);
  swapped_ = torch::cat({scores, centred}, 1);
  score_dot_point_ = (centred * scores).sum(1);
}

double SteinPairs::off_diagonal() const {
  return sum_within(
      points_, [this](const Tile& tile) { fill(tile); }, form_);
}

double SteinPairs::diagonal() const {
  const double zero = 0;
  double value = 0, slope = 0, trace = 0;
  kernel_.evaluate(1, points_.size(1), &zero, {&value, &slope, &trace});
  return value * scores_.square().sum().item<double>() + trace * static_cast<double>(points_.size(0));
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
  const Tensor here = swapped_.narrow(0, tile.row, tile.rows);
  const Tensor there = joint_.narrow(0, tile.column, tile.columns);
  const int64_t dim = points_.size(1);
  Tensor inner = torch::mm(here.narrow(1, 0, dim), there.narrow(1, dim, dim).t());
  Tensor cross = torch::mm(here, there.t());
  const double* dots = score_dot_point_.data_ptr<double>();
  for (int64_t a = 0; a < tile.rows; ++a) {
    double* row = cross.data_ptr<double>() + a * tile.columns;
    finish_cross(tile.columns, dots[tile.row + a], dots + tile.column, row);
    apply_kernel(kernel_, tile.columns, dim, inner.data_ptr<double>() + a * tile.columns, row,
                 tile.values + a * tile.columns);
  }
}

SteinStatistics stein_statistics(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
                                 PairForm form) {
  const SteinPairs pairs(points, scores, kernel, form);
  const double n = static_cast<double>(points.size(0));
  const double off_diagonal = pairs.off_diagonal();
  return {.v = (off_diagonal + pairs.diagonal()) / (n * n), .u = off_diagonal / (n * (n - 1))};
}

}  // namespace samplerbench::metrics
