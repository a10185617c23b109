#include "targets/bayes/logistic_terms.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <type_traits>

#include "core/clones.h"

namespace samplerbench::targets {
namespace {

// What exp(-a), a >= 0, is made of in each precision: n log 2 + r with |r| <= log(2) / 2, the polynomial that
// meets exp(r) at Chebyshev's points there (relative error 3e-16 and 2e-9), and n + bias as the exponent's
// bits.
template <class T>
struct Exponential;

template <>
struct Exponential<float> {
  using Bits = int32_t;
  static constexpr float limit = 87.0F, round_and_bias = 0x1.8p23F + 127;
  static constexpr float high = 0.693359375F, low = -2.12194440e-4F;  // log 2 in two parts
  static constexpr int mantissa = 23;
  static constexpr float coefficients[] = {0x1p+0F,
                                           0x1.000000a21653fp+0F,
                                           0x1.000000287f871p-1F,
                                           0x1.5554041b96acbp-3F,
                                           0x1.5554accfdb593p-5F,
                                           0x1.126fb8fa71fe6p-7F,
                                           0x1.6d7543e4127b8p-10F};
};

template <>
struct Exponential<double> {
  using Bits = int64_t;
  static constexpr double limit = 708.0, round_and_bias = 0x1.8p52 + 1023;
  static constexpr double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;
  static constexpr int mantissa = 52;
  static constexpr double coefficients[] = {0x1p+0,
                                            0x1.000000000001ep+0,
                                            0x1.0000000000005p-1,
                                            0x1.555555554b736p-3,
                                            0x1.55555555520a4p-5,
                                            0x1.1111112ddae8bp-7,
                                            0x1.6c16c17f46982p-10,
                                            0x1.a01978b8b3d18p-13,
                                            0x1.a019a6611cad5p-16,
                                            0x1.72fafebdaf273p-19,
                                            0x1.28a2ca617b96ap-22};
};

template <class T, size_t n = 0>
[[gnu::always_inline]] inline T polynomial(T r) {
  constexpr const auto& coefficients = Exponential<T>::coefficients;
  if constexpr (n + 1 == std::size(coefficients))
    return coefficients[n];
  else
    return polynomial<T, n + 1>(r) * r + coefficients[n];
}

// exp(-|x|) without a branch, a call or errno, so that loops over it become vector instructions.
template <class T>
[[gnu::always_inline]] inline T exp_of_minus_magnitude(T x) {
  using E = Exponential<T>;
  using Bits = typename E::Bits;
  constexpr Bits sign = static_cast<Bits>(1) << (8 * sizeof(T) - 1);
  // The limit as a minimum of integers, which order as magnitudes do: a comparison of numbers becomes a
  // branch.
  const Bits magnitude = __builtin_bit_cast(Bits, x) & ~sign, limit = __builtin_bit_cast(Bits, E::limit);
  const T a = __builtin_bit_cast(T, magnitude < limit ? magnitude : limit);
  const T shifted = E::round_and_bias - a * static_cast<T>(1.4426950408889634);
  const T n = shifted - E::round_and_bias;
  const T r = (-a - n * E::high) - n * E::low;
  const auto power = static_cast<std::make_unsigned_t<Bits>>(__builtin_bit_cast(Bits, shifted))
                     << E::mantissa;
  return polynomial<T>(r) * __builtin_bit_cast(T, power);
}

constexpr int64_t lanes = 16;    // products that go on side by side
constexpr int64_t factors = 32;  // of a product before its logarithm is taken: at most 2^32

// Of `lanes * factors` logits or fewer: in place, with log of their product of 1 + exp(-|m|) and sum of
// min(m, 0).
template <class T>
[[gnu::always_inline]] inline double block_terms(T* logits, int64_t count) {
  T products[lanes], below[lanes];
  std::fill_n(products, lanes, T(1));
  std::fill_n(below, lanes, T(0));
  const auto visit = [&](T& m, int64_t lane) {
    const T e = exp_of_minus_magnitude(m), sum = 1 + e;
    products[lane] *= sum;
    below[lane] += m < 0 ? m : T(0);
    m = (m < 0 ? T(1) : e) / sum;
  };
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int64_t lane = 0; lane < lanes; ++lane) visit(logits[i + lane], lane);
  for (int64_t lane = 0; i + lane < count; ++lane) visit(logits[i + lane], lane);
  double product = 1, sum = 0;  // at most 2^512
  for (int64_t lane = 0; lane < lanes; ++lane) {
    product *= products[lane];
    sum += below[lane];
  }
  return sum - std::log(product);
}

template <class T>
[[gnu::always_inline]] inline double terms(T* logits, int64_t count) {
  double sum = 0;
  for (int64_t begin = 0; begin < count; begin += lanes * factors)
    sum += block_terms(logits + begin, std::min(lanes * factors, count - begin));
  return sum;
}

template <class T>
[[gnu::always_inline]] inline T dot(const T* a, const T* b, int64_t dim) {
  constexpr int64_t width = 8;
  T sums[width] = {};
  int64_t k = 0;
  for (; k + width <= dim; k += width)
    for (int64_t j = 0; j < width; ++j) sums[j] += a[k + j] * b[k + j];
  T rest = 0;
  for (; k < dim; ++k) rest += a[k] * b[k];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest;
}

template <class T>
[[gnu::always_inline]] inline double likelihood(const T* rows, int64_t count, int64_t dim, const T* weights,
                                                T* __restrict score) {
  constexpr int64_t block = 128;  // rows that the cache holds for their second use
  T slopes[block];
  double sum = 0;
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t size = std::min(block, count - begin);
    const T* some = rows + begin * dim;
    for (int64_t i = 0; i < size; ++i) slopes[i] = dot(some + i * dim, weights, dim);
    sum += terms(slopes, size);
    for (int64_t i = 0; i < size; ++i)
      for (int64_t k = 0; k < dim; ++k) score[k] += slopes[i] * some[i * dim + k];
  }
  return sum;
}

}  // namespace

SAMPLERBENCH_CLONES double logistic_terms(float* logits, int64_t count) { return terms(logits, count); }

SAMPLERBENCH_CLONES double logistic_terms(double* logits, int64_t count) { return terms(logits, count); }

SAMPLERBENCH_CLONES double logistic_likelihood(const float* rows, int64_t count, int64_t dim,
                                               const float* weights, float* score) {
  return likelihood(rows, count, dim, weights, score);
}

SAMPLERBENCH_CLONES double logistic_likelihood(const double* rows, int64_t count, int64_t dim,
                                               const double* weights, double* score) {
  return likelihood(rows, count, dim, weights, score);
}

}  // namespace samplerbench::targets
