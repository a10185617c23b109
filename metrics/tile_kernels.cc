#include "metrics/tile_kernels.h"

#include <algorithm>
#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/tile_kernels.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::metrics::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

// Of the sum of two squared norms: a squared distance below it lost too much to cancellation.
constexpr double kLeastShare = 0x1p-12;

// Adds the squared differences of `count` coordinates from `k` on to the tile, or begins with them where k is
// 0.
template <int count>
void add_coordinates(const Columns& points, int64_t k, const Tile& tile) {
  const double* x = points.x + k * points.n + tile.row;
  const double* y = points.y + k * points.m + tile.column;
  for (int64_t a = 0; a < tile.rows; ++a) {
    std::array<double, count> here;
    for (int j = 0; j < count; ++j) here[j] = x[j * points.n + a];
    double* out = tile.values + a * tile.columns;
    math::for_each_vector<double>(tile.columns, [=, m = points.m](auto d, int64_t b) HWY_ATTR {
      auto sum = k == 0 ? hn::Zero(d) : hn::LoadU(d, out + b);
      for (int j = 0; j < count; ++j) {
        const auto difference = hn::Sub(hn::Set(d, here[j]), hn::LoadU(d, y + j * m + b));
        sum = hn::MulAdd(difference, difference, sum);
      }
      hn::StoreU(sum, d, out + b);
    });
  }
}

// Four coordinates at a time, which registers hold.
void fill(const Columns& points, const Tile& tile) {
  constexpr decltype(&add_coordinates<1>) kAdd[] = {add_coordinates<1>, add_coordinates<2>,
                                                    add_coordinates<3>, add_coordinates<4>};
  for (int64_t k = 0; k < points.dim; k += 4) kAdd[std::min<int64_t>(points.dim - k, 4) - 1](points, k, tile);
}

// |x - y|^2 of two points.
double squared_difference(const double* x, const double* y, int64_t dim) {
  const hn::ScalableTag<double> d;
  auto sum = hn::Zero(d);
  int64_t k = math::for_whole_vectors(d, 0, dim, [&](auto tag, int64_t at) HWY_ATTR {
    const auto difference = hn::Sub(hn::LoadU(tag, x + at), hn::LoadU(tag, y + at));
    sum = hn::MulAdd(difference, difference, sum);
  });
  double total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; k < dim; ++k) total += (x[k] - y[k]) * (x[k] - y[k]);
  return total;
}

// Anew, by differences, whatever of `count` distances from x is less than its norms bear.
HWY_NOINLINE void mend_cancelled(const PointRows& exact, const double* x, int64_t column, double here,
                                 const double* there, int64_t count, double* out) {
  for (int64_t b = 0; b < count; ++b)
    if (!(out[b] >= kLeastShare * (here + there[b])))
      out[b] = squared_difference(x, exact.y + (column + b) * exact.dim, exact.dim);
}

void finish_products(const double* x_norms, const double* y_norms, const Tile& tile, const PointRows* exact) {
  for (int64_t a = 0; a < tile.rows; ++a) {
    const double here = x_norms[tile.row + a];
    const double* there = y_norms + tile.column;
    double* out = tile.values + a * tile.columns;
    math::for_each_vector<double>(tile.columns, [=](auto d, int64_t b) HWY_ATTR {
      const auto norms = hn::Add(hn::Set(d, here), hn::LoadU(d, there + b));
      const auto squared = hn::NegMulAdd(hn::Set(d, 2), hn::LoadU(d, out + b), norms);
      hn::StoreU(hn::IfThenZeroElse(hn::Lt(squared, hn::Zero(d)), squared), d, out + b);
      if (exact == nullptr || hn::AllTrue(d, hn::Ge(squared, hn::Mul(hn::Set(d, kLeastShare), norms))))
        return;
      mend_cancelled(*exact, exact->x + (tile.row + a) * exact->dim, tile.column + b, here, there + b,
                     static_cast<int64_t>(hn::Lanes(d)), out + b);
    });
  }
}

void roots(double* values, int64_t count) {
  math::for_each_vector<double>(count, [=](auto d, int64_t k) HWY_ATTR {
    hn::StoreU(hn::Sqrt(hn::LoadU(d, values + k)), d, values + k);
  });
}

// With e the widest kernel, the others are its powers 4, 16, 64 and 256.
void mixture(double rate, double* values, int64_t count) {
  math::for_each_vector<double>(count, [=](auto d, int64_t k) HWY_ATTR {
    auto power = math::exp_of_nonpositive(d, hn::Mul(hn::Set(d, rate), hn::LoadU(d, values + k)));
    auto sum = power;
    for (int step = 0; step < 4; ++step) {
      power = hn::Mul(power, power);
      power = hn::Mul(power, power);
      sum = hn::Add(sum, power);
    }
    hn::StoreU(hn::Mul(hn::Set(d, 0.2), sum), d, values + k);
  });
}

// Four sums go on side by side, since an addition waits for the one before.
double sum(const double* values, int64_t count) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto first = hn::Zero(d), second = first, third = first, fourth = first;
  int64_t k = 0;
  for (; k + 4 * lanes <= count; k += 4 * lanes) {
    first = hn::Add(first, hn::LoadU(d, values + k));
    second = hn::Add(second, hn::LoadU(d, values + k + lanes));
    third = hn::Add(third, hn::LoadU(d, values + k + 2 * lanes));
    fourth = hn::Add(fourth, hn::LoadU(d, values + k + 3 * lanes));
  }
  double total = 0;
  for (; k < count; ++k) total += values[k];
  return total + hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(first, second), hn::Add(third, fourth))));
}

}  // namespace samplerbench::metrics::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench::metrics {

HWY_EXPORT(fill);
HWY_EXPORT(finish_products);
HWY_EXPORT(roots);
HWY_EXPORT(mixture);
HWY_EXPORT(sum);

void fill_squared_distances(const Columns& points, const Tile& tile) {
  HWY_DYNAMIC_DISPATCH(fill)(points, tile);
}

void products_to_squared_distances(const double* x_norms, const double* y_norms, const Tile& tile,
                                   const PointRows* exact) {
  HWY_DYNAMIC_DISPATCH(finish_products)(x_norms, y_norms, tile, exact);
}

void take_roots(const Tile& tile) { HWY_DYNAMIC_DISPATCH(roots)(tile.values, tile.rows * tile.columns); }

void mix_gaussians(double rate, const Tile& tile) {
  HWY_DYNAMIC_DISPATCH(mixture)(rate, tile.values, tile.rows * tile.columns);
}

double sum_of(const double* values, int64_t count) { return HWY_DYNAMIC_DISPATCH(sum)(values, count); }

}  // namespace samplerbench::metrics
#endif
