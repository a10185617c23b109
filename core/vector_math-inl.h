// Vector mathematics for the kernels of every floor, in Google Highway's portable form. A file that includes
// this is compiled once for each instruction set (hwy/foreach_target.h), so the guard toggles with it.
#if defined(SAMPLERBENCH_CORE_VECTOR_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef SAMPLERBENCH_CORE_VECTOR_MATH_INL_H
#undef SAMPLERBENCH_CORE_VECTOR_MATH_INL_H
#else
#define SAMPLERBENCH_CORE_VECTOR_MATH_INL_H
#endif

#include <cstdint>
#include <iterator>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Calls body(d, i) for i = begin, begin + Lanes(d), ... as long as a whole vector fits below `count`. Returns
// where it stopped.
template <class D, class Body>
HWY_INLINE int64_t for_whole_vectors(D d, int64_t begin, int64_t count, const Body& body) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t end = begin + (count - begin) / lanes * lanes;
  for (int64_t i = begin; i < end; i += lanes) body(d, i);
  return end;
}

// Calls body(d, i) with the elements i, i + 1, ... of [0, count) in turn: in the widest vectors first, and
// the rest in vectors of four lanes and of one. `body` takes a tag of any width.
template <class T, class Body>
HWY_INLINE void for_each_vector(int64_t count, const Body& body) {
  int64_t i = for_whole_vectors(hn::ScalableTag<T>(), 0, count, body);
  i = for_whole_vectors(hn::CappedTag<T, 4>(), i, count, body);
  for_whole_vectors(hn::CappedTag<T, 1>(), i, count, body);
}

// What exp(x), x <= 0, is made of in each precision: x = n log 2 + r with |r| <= log(2) / 2, the polynomial
// that meets exp(r) at Chebyshev's points there (relative error 3e-16 and 2e-9), and n + bias as the
// exponent's bits.
template <class T>
struct Exponential;

template <>
struct Exponential<float> {
  static constexpr float kLowest = -87.0F;  // exp(x) is a normal number from here on
  static constexpr float kRoundAndBias = 0x1.8p23F + 127;
  static constexpr float kHigh = 0.693359375F, kLow = -2.12194440e-4F;  // log 2 in two parts
  static constexpr int kMantissa = 23;
  static constexpr float kCoefficients[] = {0x1p+0F,
                                            0x1.000000a21653fp+0F,
                                            0x1.000000287f871p-1F,
                                            0x1.5554041b96acbp-3F,
                                            0x1.5554accdfdb593p-5F,
                                            0x1.126fb8fa71fe6p-7F,
                                            0x1.6d7543e4127b8p-10F};
};

template <>
struct Exponential<double> {
  static constexpr double kLowest = -708.0;
  static constexpr double kRoundAndBias = 0x1.8p52 + 1023;
  static constexpr double kHigh = 0x1.62e42feep-1, kLow = 0x1.a39ef35793c76p-33;
  static constexpr int kMantissa = 52;
  static constexpr double kCoefficients[] = {0x1p+0,
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

// exp(x) for x <= 0, to three units in the last place; 0 where it would be no normal number, NaN for NaN.
// hn::Exp also takes positive x and turns NaN into 0; kernels that use it take 1.3 to 1.5 times as long.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp_of_nonpositive(D d, V x) {
  using E = Exponential<hn::TFromD<D>>;
  const V round = hn::Set(d, E::kRoundAndBias);
  const V shifted = hn::MulAdd(x, hn::Set(d, 1.4426950408889634), round);
  const V n = hn::Sub(shifted, round);
  const V r = hn::NegMulAdd(n, hn::Set(d, E::kLow), hn::NegMulAdd(n, hn::Set(d, E::kHigh), x));
  int k = std::size(E::kCoefficients) - 1;
  V sum = hn::Set(d, E::kCoefficients[k]);
  while (k > 0) sum = hn::MulAdd(sum, r, hn::Set(d, E::kCoefficients[--k]));
  const hn::RebindToUnsigned<D> bits;
  const V power = hn::BitCast(d, hn::ShiftLeft<E::kMantissa>(hn::BitCast(bits, shifted)));
  return hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, E::kLowest)), hn::Mul(sum, power));
}

// sigmoid(x): with e = exp(-|x|) it is 1 / (1 + e) or e / (1 + e), neither of which cancels.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V sigmoid(D d, V x) {
  const V one = hn::Set(d, 1);
  const V e = exp_of_nonpositive(d, hn::Or(x, hn::SignBit(d)));
  return hn::Div(hn::IfNegativeThenElse(x, e, one), hn::Add(one, e));
}

// 1 / sqrt(x) for x > 0, to two units in the last place; never finite for 0, NaN or infinity. Three steps of
// Newton from an approximation in single precision, where all lanes lie in its range: a root and a division
// take longer.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V inverse_sqrt(D d, V x) {
  if (!hn::AllTrue(d, hn::And(hn::Gt(x, hn::Set(d, 1e-37)), hn::Lt(x, hn::Set(d, 1e37)))))
    return hn::Div(hn::Sqrt(x), x);
  const hn::Rebind<float, D> single;
  V y = hn::PromoteTo(d, hn::ApproximateReciprocalSqrt(hn::DemoteTo(single, x)));
  const V half = hn::Mul(hn::Set(d, 0.5), x), three_halves = hn::Set(d, 1.5);
  for (int step = 0; step < 3; ++step) y = hn::Mul(y, hn::NegMulAdd(hn::Mul(half, y), y, three_halves));
  return y;
}

}  // namespace samplerbench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
