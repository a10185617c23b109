#include "targets/bayes/logistic_terms.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "core/clones.h"

namespace samplerbench::targets {
namespace {

// What exp(-a), a >= 0, is made of in each precision: n log 2 + r with |r| <= log(2) / 2, a Taylor polynomial
// in r, and n added to the exponent's bits.
template <class T>
struct Exponential;

template <>
struct Exponential<float> {
  using Bits = int32_t;
  static constexpr float limit = 87.0F, round_to_integer = 0x1.8p23F;
  static constexpr float high = 0.693359375F, low = -2.12194440e-4F;  // log 2 in two parts
  static constexpr int mantissa = 23, bias = 127, degree = 6;
};

template <>
struct Exponential<double> {
  using Bits = int64_t;
  static constexpr double limit = 708.0, round_to_integer = 0x1.8p52;
  static constexpr double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;
  static constexpr int mantissa = 52, bias = 1023, degree = 12;
};

constexpr double inverse_factorial(int n) { return n < 2 ? 1.0 : inverse_factorial(n - 1) / n; }

template <class T, int n>
[[gnu::always_inline]] inline T polynomial(T r) {
  if constexpr (n == Exponential<T>::degree)
    return static_cast<T>(inverse_factorial(n));
  else
    return polynomial<T, n + 1>(r) * r + static_cast<T>(inverse_factorial(n));
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
  const T shifted = E::round_to_integer - a * static_cast<T>(1.4426950408889634);
  const T n = shifted - E::round_to_integer;
  const T r = (-a - n * E::high) - n * E::low;
  const auto power = static_cast<std::make_unsigned_t<Bits>>(__builtin_bit_cast(Bits, shifted) + E::bias)
                     << E::mantissa;
  return polynomial<T, 0>(r) * __builtin_bit_cast(T, power);
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
