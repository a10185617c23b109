#include "targets/planar/curve_kernel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "targets/planar/curve_kernel.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::targets::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

// Of the logarithm of a node's share without G: 512 nodes that just miss it are less than 1e-15 of the sum,
// though G of theirs is up to 50 times that of the nearest, where h is at most 0.6 s.
constexpr double kInvisibleShare = -45;

// At a distance z from the nearest node the first n terms of G leave out less than 1e-13 of it if n is at
// least 11 + r z.
constexpr int kLeastTerms = 11;
constexpr int kSeriesReach = kSeriesTerms - kLeastTerms;  // of r z

// The law of one coordinate and its first two derivatives, over N(z; v). `precision` is 1 / v.
template <bool uniform, int order, class D, class V = hn::Vec<D>>
HWY_INLINE void coordinate_terms(D d, V z, const CurveNoise& noise, double precision, int terms, V& value,
                                 V& first, V& second) {
  const V pull = hn::Mul(z, hn::Set(d, -precision));
  const V squared_pull = hn::MulSub(pull, pull, hn::Set(d, precision));
  if constexpr (uniform) {
    // G, its derivative by y = (r z)^2 and half the second, by Horner's rule.
    const V scaled = hn::Mul(z, hn::Set(d, noise.rate)), y = hn::Mul(scaled, scaled);
    V g = hn::Set(d, noise.series[terms - 1]), slope = hn::Zero(d), bend = hn::Zero(d);
    for (int k = terms - 2; k >= 0; --k) {
      if constexpr (order > 1) bend = hn::MulAdd(bend, y, slope);
      if constexpr (order > 0) slope = hn::MulAdd(slope, y, g);
      g = hn::MulAdd(g, y, hn::Set(d, noise.series[k]));
    }
    // dG/dz and d2G/dz2.
    const V rising = hn::Mul(hn::Mul(scaled, slope), hn::Set(d, 2 * noise.rate));
    const V bending =
        hn::Mul(hn::MulAdd(hn::Mul(y, bend), hn::Set(d, 4), slope), hn::Set(d, 2 * noise.rate * noise.rate));
    value = g;
    first = hn::MulAdd(pull, g, rising);
    second = hn::MulAdd(squared_pull, g, hn::MulAdd(hn::Add(pull, pull), rising, bending));
  } else {
    value = hn::Set(d, 1);
    first = pull;
    second = squared_pull;
  }
}

template <bool uniform, int order>
bool sum_over_nodes(const CurveNodes& nodes, const CurveNoise& noise, double x1, double x2, PlanarJet& jet) {
  const hn::CappedTag<double, kNodeLanes> d;
  const auto count = static_cast<int64_t>(nodes.log_weight.size());
  const double *c1 = nodes.first.data(), *c2 = nodes.second.data(), *log_weight = nodes.log_weight.data();
  const auto here1 = hn::Set(d, x1), here2 = hn::Set(d, x2);
  const auto half1 = hn::Set(d, noise.precision[0] / 2), half2 = hn::Set(d, noise.precision[1] / 2);

  HWY_ALIGN double logits[kMostNodes];
  auto highest = hn::Set(d, -std::numeric_limits<double>::infinity());
  math::for_whole_vectors(d, 0, count, [&](auto, int64_t i) HWY_ATTR {
    const auto z1 = hn::Sub(here1, hn::LoadU(d, c1 + i)), z2 = hn::Sub(here2, hn::LoadU(d, c2 + i));
    const auto along = hn::NegMulAdd(hn::Mul(z1, z1), half1, hn::LoadU(d, log_weight + i));
    const auto logit = hn::NegMulAdd(hn::Mul(z2, z2), half2, along);
    highest = hn::Max(highest, logit);
    hn::StoreU(logit, d, logits + i);
  });
  const double top = hn::GetLane(hn::MaxOfLanes(d, highest));

  int terms = 0;
  if constexpr (uniform) {
    // r times the distance of the nearest node, at most.
    const double nearest = noise.rate * std::sqrt(2 * (nodes.highest - top) / noise.precision[0]);
    if (!(nearest <= kSeriesReach)) return false;
    terms = kLeastTerms + static_cast<int>(std::ceil(nearest));
  }

  const auto zero = hn::Zero(d), shift = hn::Set(d, top), invisible = hn::Set(d, kInvisibleShare);
  auto mass = zero, by1 = zero, by2 = zero, by11 = zero, by12 = zero, by22 = zero;
  math::for_whole_vectors(d, 0, count, [&](auto, int64_t i) HWY_ATTR {
    const auto below = hn::Sub(hn::LoadU(d, logits + i), shift);
    if (hn::AllTrue(d, hn::Lt(below, invisible))) return;
    const auto share = math::exp_of_nonpositive(d, below);
    const auto z1 = hn::Sub(here1, hn::LoadU(d, c1 + i)), z2 = hn::Sub(here2, hn::LoadU(d, c2 + i));
    auto value1 = zero, first1 = zero, second1 = zero, value2 = zero, first2 = zero, second2 = zero;
    coordinate_terms<uniform, order>(d, z1, noise, noise.precision[0], terms, value1, first1, second1);
    coordinate_terms<uniform, order>(d, z2, noise, noise.precision[1], terms, value2, first2, second2);
    const auto share1 = hn::Mul(share, value1), share2 = hn::Mul(share, value2);
    mass = hn::MulAdd(share1, value2, mass);
    if constexpr (order > 0) {
      by1 = hn::MulAdd(share2, first1, by1);
      by2 = hn::MulAdd(share1, first2, by2);
    }
    if constexpr (order > 1) {
      by11 = hn::MulAdd(share2, second1, by11);
      by12 = hn::MulAdd(hn::Mul(share, first1), first2, by12);
      by22 = hn::MulAdd(share1, second2, by22);
    }
  });

  const auto sum = [&](auto lanes) HWY_ATTR { return hn::GetLane(hn::SumOfLanes(d, lanes)); };
  const double total = sum(mass);
  jet.value = noise.log_height + top + std::log(total);
  if constexpr (order > 0) {
    jet.score[0] = sum(by1) / total;
    jet.score[1] = sum(by2) / total;
  }
  if constexpr (order > 1) {
    jet.hessian[0] = sum(by11) / total - jet.score[0] * jet.score[0];
    jet.hessian[1] = sum(by12) / total - jet.score[0] * jet.score[1];
    jet.hessian[2] = sum(by22) / total - jet.score[1] * jet.score[1];
  }
  return true;
}

template <bool uniform>
bool jet_of_order(const CurveNodes& nodes, const CurveNoise& noise, double x1, double x2, int order,
                  PlanarJet& jet) {
  if (order == 0) return sum_over_nodes<uniform, 0>(nodes, noise, x1, x2, jet);
  if (order == 1) return sum_over_nodes<uniform, 1>(nodes, noise, x1, x2, jet);
  return sum_over_nodes<uniform, 2>(nodes, noise, x1, x2, jet);
}

bool curve_jet(const CurveNodes& nodes, const CurveNoise& noise, double x1, double x2, int order,
               PlanarJet& jet) {
  return noise.rate == 0 ? jet_of_order<false>(nodes, noise, x1, x2, order, jet)
                         : jet_of_order<true>(nodes, noise, x1, x2, order, jet);
}

}  // namespace samplerbench::targets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench::targets {

HWY_EXPORT(curve_jet);

bool near_jet(const CurveNodes& nodes, const CurveNoise& noise, double x1, double x2, int order,
              PlanarJet& jet) {
  return HWY_DYNAMIC_DISPATCH(curve_jet)(nodes, noise, x1, x2, order, jet);
}

void CurveNodes::add(double x1, double x2, double weight) {
  first.push_back(x1);
  second.push_back(x2);
  log_weight.push_back(std::log(weight));
  highest = std::max(highest, log_weight.back());
}

// series[k] = m_k / (2 k)!, where m_k, the integral of t^(2 k) exp(-b t^2) over [0, 1], is by parts
// (2 b m_(k + 1) + exp(-b)) / (2 k + 1). Downwards an error at the start shrinks at each step.
CurveNoise curve_noise(double half, double first_variance, double second_variance) {
  CurveNoise noise{
      .precision = {1 / first_variance, 1 / second_variance},
      .log_height = -std::log(2 * std::numbers::pi) - std::log(first_variance * second_variance) / 2,
      .rate = half / first_variance};
  if (half == 0) return noise;
  const double b = half * half / (2 * first_variance), edge = std::exp(-b);
  double moment = 0;
  for (int k = kSeriesTerms + 20; k >= 0; --k) {
    moment = (2 * b * moment + edge) / (2 * k + 1);
    if (k < kSeriesTerms) noise.series[k] = moment;
  }
  double factorial = 1;
  for (int k = 1; k < kSeriesTerms; ++k) {
    factorial *= (2.0 * k - 1) * (2.0 * k);
    noise.series[k] /= factorial;
  }
  return noise;
}

}  // namespace samplerbench::targets
#endif
