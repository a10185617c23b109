#include "metrics/stein_kernels.h"

#include <algorithm>
#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/stein_kernels.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::metrics::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

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
HWY_EXPORT(combine);

void multiply_scores(const ScoredColumns& columns, int64_t i, int64_t first, int64_t count, double* inner,
                     double* cross) {
  HWY_DYNAMIC_DISPATCH(multiply)(columns, i, first, count, inner, cross);
}

void finish_cross(int64_t count, double here, const double* there, double* cross) {
  HWY_DYNAMIC_DISPATCH(cross_from_dots)(count, here, there, cross);
}

void combine_stein_terms(int64_t count, const RadialTerms& terms, const double* inner, const double* cross,
                         double* out) {
  HWY_DYNAMIC_DISPATCH(combine)(count, terms, inner, cross, out);
}

}  // namespace samplerbench::metrics
#endif
