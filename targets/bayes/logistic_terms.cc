#include "targets/bayes/logistic_terms.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "targets/bayes/logistic_terms.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::targets::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

// Of so many logits or fewer, in whole vectors, the product of 1 + exp(-|m|) is at most 2^512, and that of
// one lane 2^64.
constexpr int64_t block_size(int64_t lanes) { return std::min<int64_t>(512, 64 * lanes); }

// The product of all lanes.
template <class D>
HWY_INLINE double product_of_lanes(D d, hn::Vec<D> v) {
  HWY_ALIGN hn::TFromD<D> lanes[hn::MaxLanes(d)];
  hn::Store(v, d, lanes);
  double products[hn::MaxLanes(d)];
  std::copy_n(lanes, hn::Lanes(d), products);
  for (size_t half = hn::Lanes(d) / 2; half > 0; half /= 2)
    for (size_t lane = 0; lane < half; ++lane) products[lane] *= products[lane + half];
  return products[0];
}

// logistic_terms() of a block. log sigmoid(m) = min(m, 0) - log(1 + exp(-|m|)).
template <class D, class T = hn::TFromD<D>>
HWY_INLINE double block_terms(D d, T* logits, int64_t count) {
  const auto one = hn::Set(d, 1), zero = hn::Zero(d);
  auto product = one, below = zero;
  math::for_whole_vectors(d, 0, count, [&](auto, int64_t i) HWY_ATTR {
    const auto m = hn::LoadU(d, logits + i);
    const auto e = math::exp_of_nonpositive(d, hn::Or(m, hn::SignBit(d))), factor = hn::Add(one, e);
    product = hn::Mul(product, factor);
    below = hn::Add(below, hn::Min(m, zero));
    hn::StoreU(hn::Div(hn::IfNegativeThenElse(m, one, e), factor), d, logits + i);
  });
  return hn::GetLane(hn::SumOfLanes(d, below)) - std::log(product_of_lanes(d, product));
}

template <class T>
double terms(T* logits, int64_t count) {
  const hn::ScalableTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t block = block_size(lanes), whole = count / lanes * lanes;
  double sum = 0;
  for (int64_t i = 0; i < whole; i += block) sum += block_terms(d, logits + i, std::min(block, whole - i));
  if (whole == count) return sum;
  HWY_ALIGN T rest[hn::MaxLanes(d)];
  std::fill_n(rest, lanes, std::numeric_limits<T>::infinity());  // a logit whose terms are 0
  std::copy(logits + whole, logits + count, rest);
  sum += block_terms(d, rest, lanes);
  std::copy_n(rest, count - whole, logits + whole);
  return sum;
}

template <class T>
HWY_INLINE T dot(const T* a, const T* b, int64_t dim) {
  const hn::CappedTag<T, 8> d;
  auto sums = hn::Zero(d);
  const int64_t whole = math::for_whole_vectors(d, 0, dim, [&](auto, int64_t k) HWY_ATTR {
    sums = hn::MulAdd(hn::LoadU(d, a + k), hn::LoadU(d, b + k), sums);
  });
  T sum = hn::GetLane(hn::SumOfLanes(d, sums));
  for (int64_t k = whole; k < dim; ++k) sum += a[k] * b[k];
  return sum;
}

// sum[k] += factor * row[k]
template <class T>
HWY_INLINE void add_scaled(T factor, const T* HWY_RESTRICT row, int64_t dim, T* HWY_RESTRICT sum) {
  const auto add = [=](auto d, int64_t k) HWY_ATTR {
    hn::StoreU(hn::MulAdd(hn::Set(d, factor), hn::LoadU(d, row + k), hn::LoadU(d, sum + k)), d, sum + k);
  };
  const int64_t whole = math::for_whole_vectors(hn::CappedTag<T, 8>(), 0, dim, add);
  math::for_whole_vectors(hn::CappedTag<T, 1>(), whole, dim, add);
}

template <class T>
double likelihood(const T* rows, int64_t count, int64_t dim, const T* weights, T* score) {
  constexpr int64_t kBlock = 128;  // rows that the cache holds for their second use
  T slopes[kBlock];
  double sum = 0;
  for (int64_t begin = 0; begin < count; begin += kBlock) {
    const int64_t size = std::min(kBlock, count - begin);
    const T* some = rows + begin * dim;
    for (int64_t i = 0; i < size; ++i) slopes[i] = dot(some + i * dim, weights, dim);
    sum += terms(slopes, size);
    for (int64_t i = 0; i < size; ++i) add_scaled(slopes[i], some + i * dim, dim, score);
  }
  return sum;
}

double float_terms(float* logits, int64_t count) { return terms(logits, count); }
double double_terms(double* logits, int64_t count) { return terms(logits, count); }
double float_likelihood(const float* rows, int64_t count, int64_t dim, const float* weights, float* score) {
  return likelihood(rows, count, dim, weights, score);
}
double double_likelihood(const double* rows, int64_t count, int64_t dim, const double* weights,
                         double* score) {
  return likelihood(rows, count, dim, weights, score);
}

}  // namespace samplerbench::targets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench::targets {

HWY_EXPORT(float_terms);
HWY_EXPORT(double_terms);
HWY_EXPORT(float_likelihood);
HWY_EXPORT(double_likelihood);

double logistic_terms(float* logits, int64_t count) {
  return HWY_DYNAMIC_DISPATCH(float_terms)(logits, count);
}

double logistic_terms(double* logits, int64_t count) {
  return HWY_DYNAMIC_DISPATCH(double_terms)(logits, count);
}

double logistic_likelihood(const float* rows, int64_t count, int64_t dim, const float* weights,
                           float* score) {
  return HWY_DYNAMIC_DISPATCH(float_likelihood)(rows, count, dim, weights, score);
}

double logistic_likelihood(const double* rows, int64_t count, int64_t dim, const double* weights,
                           double* score) {
  return HWY_DYNAMIC_DISPATCH(double_likelihood)(rows, count, dim, weights, score);
}

}  // namespace samplerbench::targets
#endif
