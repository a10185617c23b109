#include "targets/planar/smoothed_curve.h"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "core/placed.h"
#include "targets/planar/box_law.h"

namespace samplerbench::targets {
namespace {

// Of a node's bound below the highest: bounds exceed the logarithms of the nodes' terms by amounts that
// differ by a few units.
constexpr double kInvisibleFar = -55;

// What near_jet() gives, by the logarithms of the nodes' terms.
PlanarJet far_jet(const CurveNodes& nodes, double half, double variance, double x1, double x2) {
  struct Term {
    double value;
    BoxTerms first, second;
  };
  thread_local std::vector<double> bounds;  // both are kept between calls
  thread_local std::vector<Term> terms;
  const size_t count = nodes.log_weight.size();
  bounds.resize(count);
  terms.clear();
  // On the box its law is at most N(0; v), and N(|z| - h; v) beyond.
  const auto beyond = [half](double z) { return std::max(std::abs(z) - half, 0.0); };
  double highest = -std::numeric_limits<double>::infinity(), top = highest;
  for (size_t q = 0; q < count; ++q) {
    const double along = beyond(x1 - nodes.first[q]), across = beyond(x2 - nodes.second[q]);
    bounds[q] = nodes.log_weight[q] - (along * along + across * across) / (2 * variance);
    highest = std::max(highest, bounds[q]);
  }
  for (size_t q = 0; q < count; ++q) {
    if (bounds[q] - highest < kInvisibleFar) continue;
    const BoxTerms first = log_box(x1 - nodes.first[q], half, variance);
    const BoxTerms second = log_box(x2 - nodes.second[q], half, variance);
    terms.push_back({nodes.log_weight[q] + first.value + second.value, first, second});
    top = std::max(top, terms.back().value);
  }
  PlanarJet jet;
  double total = 0;
  for (Term& term : terms) {
    term.value = std::exp(term.value - top);  // its share of the total from here on
    total += term.value;
    jet.score[0] += term.value * term.first.slope;
    jet.score[1] += term.value * term.second.slope;
  }
  jet.value = top + std::log(total);
  for (double& slope : jet.score) slope /= total;
  for (const Term& term : terms) {
    const double share = term.value / total;
    const double along = term.first.slope - jet.score[0], across = term.second.slope - jet.score[1];
    jet.hessian[0] += share * (term.first.curvature + along * along);
    jet.hessian[1] += share * along * across;
    jet.hessian[2] += share * (term.second.curvature + across * across);
  }
  return jet;
}

// What a curve has in common with its blurs.
struct Curve {
  Curve(CurveNodes of, const CurveSmoothing& by)
      : nodes(std::move(of)),
        smoothing(by),
        first(torch::tensor(nodes.first, torch::kDouble)),
        second(torch::tensor(nodes.second, torch::kDouble)),
        log_weight(torch::tensor(nodes.log_weight, torch::kDouble)) {}

  const CurveNodes nodes;
  const CurveSmoothing smoothing;
  const PlacedTensor first, second, log_weight;  // [Q]
};

class SmoothedCurve : public PlanarLaw {
 public:
  SmoothedCurve(std::shared_ptr<const Curve> curve, const Tensor& added)
      : PlanarLaw(added), curve_(std::move(curve)), common_(noise(0)) {}

  PlanarJet jet(int64_t row, double x1, double x2, int order) const override {
    return varies() ? jet_under(noise(row), row, x1, x2, order) : jet_under(common_, row, x1, x2, order);
  }

  Tensor log_density(const Tensor& x) const override {
    const Tensor first = x.select(1, 0).unsqueeze(1) - curve_->first.like(x);
    const Tensor second = x.select(1, 1).unsqueeze(1) - curve_->second.like(x);
    const Tensor terms = log_noise(first, 0) + log_noise(second, 1) + curve_->log_weight.like(x);
    return terms.logsumexp(1);
  }

  std::shared_ptr<const PlanarLaw> with(const Tensor& added) const override {
    return std::make_shared<SmoothedCurve>(curve_, added);
  }

 private:
  double variance(int64_t row, int coordinate) const {
    return curve_->smoothing.variances[coordinate] + added_at(row);
  }

  CurveNoise noise(int64_t row) const {
    return curve_noise(curve_->smoothing.half, variance(row, 0), variance(row, 1));
  }

  PlanarJet jet_under(const CurveNoise& law, int64_t row, double x1, double x2, int order) const {
    PlanarJet jet;
    if (near_jet(curve_->nodes, law, x1, x2, order, jet)) return jet;
    return far_jet(curve_->nodes, curve_->smoothing.half, variance(row, 0), x1, x2);
  }

  // log K of one coordinate: z [N, Q] -> [N, Q].
  Tensor log_noise(const Tensor& z, int coordinate) const {
    const CurveSmoothing& smoothing = curve_->smoothing;
    const Tensor v = (added() + smoothing.variances[coordinate]).to(z.options()).unsqueeze(1);
    if (smoothing.half > 0) return log_box(z, smoothing.half, v);
    return (z.square() / v + (2 * std::numbers::pi * v).log()) * -0.5;
  }

  std::shared_ptr<const Curve> curve_;
  CurveNoise common_;  // of all rows, or of the first
};

}  // namespace

std::shared_ptr<const PlanarLaw> smoothed_curve(CurveNodes nodes, const CurveSmoothing& smoothing) {
  const auto count = static_cast<int64_t>(nodes.log_weight.size());
  if (count == 0 || count % kNodeLanes != 0 || count > kMostNodes)
    throw std::logic_error("a smoothed curve takes a multiple of 8 nodes, at most 512");
  if (smoothing.half > 0 && smoothing.variances[0] != smoothing.variances[1])
    throw std::logic_error("a uniform goes with equal variances");
  if (smoothing.half > 0.6 * std::sqrt(smoothing.variances[0]))
    throw std::logic_error("the uniform is too wide beside the normal");
  return std::make_shared<SmoothedCurve>(std::make_shared<Curve>(std::move(nodes), smoothing),
                                         torch::zeros({1}, torch::kDouble));
}

CurveRule gauss_panels(const std::vector<double>& ends) {
  using Rule = boost::math::quadrature::gauss<double, 20>;
  CurveRule rule;
  for (size_t i = 0; i + 1 < ends.size(); ++i) {
    const double middle = (ends[i] + ends[i + 1]) / 2, half = (ends[i + 1] - ends[i]) / 2;
    const auto add = [&](double place, double weight) {
      rule.nodes.push_back(middle + half * place);
      rule.weights.push_back(half * weight);
    };
    // Boost has the half above 0. Neighbours stay together.
    const auto &places = Rule::abscissa(), &weights = Rule::weights();
    for (size_t k = places.size(); k-- > 0;) add(-places[k], weights[k]);
    for (size_t k = 0; k < places.size(); ++k) add(places[k], weights[k]);
  }
  return rule;
}

}  // namespace samplerbench::targets
