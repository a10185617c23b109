#include "metrics/stein_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/stein_kernels.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::metrics::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

// Of the product of lengths: a product of differences below it lost too much to cancellation.
constexpr double kLeastCross = 0x1p-12;

struct Sums {
  double* inner;
  double* cross;
};

// Of `count` coordinates from `k` on: adds to the sums, or begins with them where k is 0.
template <int count>
void add_coordinates(const ScoredColumns& columns, int64_t k, int64_t i, int64_t first, int64_t points,
                     const Sums& sums) {
  const int64_t n = columns.n;
  const double *x = columns.points + k * n, *s = columns.scores + k * n;
  std::array<double, count> point, score;
  for (int j = 0; j < count; ++j) point[j] = x[j * n + i], score[j] = s[j * n + i];
  math::for_each_vector<double>(points, [=, x = x + first, s = s + first](auto d, int64_t b) HWY_ATTR {
    auto inner = k == 0 ? hn::Zero(d) : hn::LoadU(d, sums.inner + b);
    auto cross = k == 0 ? hn::Zero(d) : hn::LoadU(d, sums.cross + b);
    for (int j = 0; j < count; ++j) {
      const auto here = hn::Set(d, score[j]), there = hn::LoadU(d, s + j * n + b);
      const auto apart = hn::Sub(hn::Set(d, point[j]), hn::LoadU(d, x + j * n + b));
      inner = hn::MulAdd(here, there, inner);
      cross = hn::MulAdd(hn::Sub(here, there), apart, cross);
    }
    hn::StoreU(inner, d, sums.inner + b);
    hn::StoreU(cross, d, sums.cross + b);
  });
}

// Four coordinates at a time, which registers hold.
void multiply(const ScoredColumns& columns, int64_t i, int64_t first, int64_t count, double* inner,
              double* cross) {
  constexpr decltype(&add_coordinates<1>) kAdd[] = {add_coordinates<1>, add_coordinates<2>,
                                                    add_coordinates<3>, add_coordinates<4>};
  for (int64_t k = 0; k < columns.dim; k += 4)
    kAdd[std::min<int64_t>(columns.dim - k, 4) - 1](columns, k, i, first, count, {inner, cross});
}

void cross_from_dots(int64_t count, double here, const double* there, double* cross) {
  math::for_each_vector<double>(count, [=](auto d, int64_t b) HWY_ATTR {
    const auto dots = hn::Add(hn::Set(d, here), hn::LoadU(d, there + b));
    hn::StoreU(hn::Sub(dots, hn::LoadU(d, cross + b)), d, cross + b);
  });
}

// (s - t).(x - y) of two points with scores s and t.
double cross_difference(const double* x, const double* y, const double* s, const double* t, int64_t dim) {
  const hn::ScalableTag<double> d;
  auto sum = hn::Zero(d);
  int64_t k = math::for_whole_vectors(d, 0, dim, [&](auto tag, int64_t at) HWY_ATTR {
    const auto apart = hn::Sub(hn::LoadU(tag, x + at), hn::LoadU(tag, y + at));
    sum = hn::MulAdd(hn::Sub(hn::LoadU(tag, s + at), hn::LoadU(tag, t + at)), apart, sum);
  });
  double total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; k < dim; ++k) total += (s[k] - t[k]) * (x[k] - y[k]);
  return total;
}

void mend(const ScoredRows& rows, int64_t i, int64_t first, int64_t count, double* cross) {
  const double* lengths = rows.point_lengths + first;
  const double* score_lengths = rows.score_lengths + first;
  const double length = rows.point_lengths[i], score_length = rows.score_lengths[i];
  math::for_each_vector<double>(count, [=, &rows](auto d, int64_t b) HWY_ATTR {
    const auto reach =
        hn::Mul(hn::Mul(hn::Set(d, kLeastCross), hn::Add(hn::Set(d, length), hn::LoadU(d, lengths + b))),
                hn::Add(hn::Set(d, score_length), hn::LoadU(d, score_lengths + b)));
    const auto sound = hn::Ge(hn::Abs(hn::LoadU(d, cross + b)), reach);
    if (hn::AllTrue(d, sound)) return;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    for (int64_t lane = 0; lane < lanes; ++lane) {
      const int64_t j = b + lane;
      const double least = kLeastCross * (length + lengths[j]) * (score_length + score_lengths[j]);
      if (std::abs(cross[j]) >= least) continue;
      cross[j] = cross_difference(rows.points + i * rows.dim, rows.points + (first + j) * rows.dim,
                                  rows.scores + i * rows.dim, rows.scores + (first + j) * rows.dim, rows.dim);
    }
  });
}

void combine(int64_t count, const RadialTerms& terms, const double* inner, const double* cross, double* out) {
  math::for_each_vector<double>(count, [=](auto d, int64_t b) HWY_ATTR {
    const auto bent =
        hn::MulAdd(hn::LoadU(d, cross + b), hn::LoadU(d, terms.slope + b), hn::LoadU(d, terms.trace + b));
    hn::StoreU(hn::MulAdd(hn::LoadU(d, inner + b), hn::LoadU(d, terms.value + b), bent), d, out + b);
  });
}

}  // namespace samplerbench::metrics::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench::metrics {

HWY_EXPORT(multiply);
HWY_EXPORT(cross_from_dots);
HWY_EXPORT(mend);
HWY_EXPORT(combine);

void multiply_scores(const ScoredColumns& columns, int64_t i, int64_t first, int64_t count, double* inner,
                     double* cross) {
  HWY_DYNAMIC_DISPATCH(multiply)(columns, i, first, count, inner, cross);
}

void finish_cross(int64_t count, double here, const double* there, double* cross) {
  HWY_DYNAMIC_DISPATCH(cross_from_dots)(count, here, there, cross);
}

void mend_cross(const ScoredRows& rows, int64_t i, int64_t first, int64_t count, double* cross) {
  HWY_DYNAMIC_DISPATCH(mend)(rows, i, first, count, cross);
}

void combine_stein_terms(int64_t count, const RadialTerms& terms, const double* inner, const double* cross,
                         double* out) {
  HWY_DYNAMIC_DISPATCH(combine)(count, terms, inner, cross, out);
}

}  // namespace samplerbench::metrics
#endif
