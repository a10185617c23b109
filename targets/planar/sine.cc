#include <cmath>
#include <vector>

#include "targets/planar/ebflow_toys.h"
#include "targets/planar/entries.h"
#include "targets/planar/smoothed_curve.h"

namespace samplerbench::targets {
namespace {

// x = (A a, A sin(k a) + t e), a uniform in (-b, b), e ~ N(0, 1).
constexpr double kSineScale = 4;      // A
constexpr double kSineFrequency = 3;  // k
constexpr double kSineEnd = 2;        // b
constexpr double kSineThickness = 1;  // t
constexpr double kSineVariance1 = kToySd * kToySd;
constexpr double kSineVariance2 = kSineThickness * kSineThickness + kSineVariance1;

// The curve moves at most 16 standard deviations for each unit of a, bends included, so that a panel of 20
// points spans 8: the rule leaves an error below 1e-9 in the log density wherever draws fall.
constexpr int kSinePanels = 8;

CurveNodes sine_nodes() {
  std::vector<double> ends;
  for (int k = 0; k <= kSinePanels; ++k) ends.push_back(kSineEnd * (2.0 * k / kSinePanels - 1));
  const CurveRule rule = gauss_panels(ends);
  CurveNodes nodes;
  for (size_t q = 0; q < rule.nodes.size(); ++q) {
    const double a = rule.nodes[q];
    nodes.add(kSineScale * a, kSineScale * std::sin(kSineFrequency * a), rule.weights[q] / (2 * kSineEnd));
  }
  return nodes;
}

Tensor draw_sine(int64_t n, Rng& rng) {
  const Tensor a = rng.uniform({n}, torch::kDouble).mul_(2 * kSineEnd).sub_(kSineEnd);
  Tensor x = rng.normal({n, 2}, torch::kDouble);
  x.select(1, 0).mul_(std::sqrt(kSineVariance1)).add_(a, kSineScale);
  x.select(1, 1).mul_(std::sqrt(kSineVariance2)).add_((a * kSineFrequency).sin(), kSineScale);
  return x;
}

// E a^2 = b^2 / 3 and E sin(k a)^2 = (1 - sin(2 k b) / (2 k b)) / 2.
Moments sine_moments() {
  constexpr double kPhase = 2 * kSineFrequency * kSineEnd, kSquare = kSineScale * kSineScale;
  const double first = kSquare * kSineEnd * kSineEnd / 3 + kSineVariance1;
  const double second = kSquare * (1 - std::sin(kPhase) / kPhase) / 2 + kSineVariance2;
  return {torch::zeros({2}, torch::kDouble), torch::tensor({first, second}, torch::kDouble).sqrt()};
}

Problem make_sine(const ProblemInput&) {
  const CurveSmoothing smoothing{.variances = {kSineVariance1, kSineVariance2}};
  Problem problem{.target = planar_target(smoothed_curve(sine_nodes(), smoothing))};
  problem.reference.log_z = 0;
  problem.reference.moments = sine_moments();
  problem.reference.exact_draws = draw_sine;
  problem.reference.source = "closed form, but for quadrature along the curve in the density";
  return problem;
}

Definition define_sine(const Options&) {
  return {.density =
              "log q(x) = log of the mean over a in (-b, b) of exp(-(x1 - A a)^2 / (2 v) - (x2 - A sin(k "
              "a))^2 / (2 w)) / (2 pi sqrt(v w)) with v = s^2, w = s^2 + t^2",
          .constants = {{"A", kSineScale},
                        {"k", kSineFrequency},
                        {"b", kSineEnd},
                        {"s", kToySd},
                        {"t", kSineThickness}},
          .modes = "not stated"};
}

}  // namespace

void add_sine(TargetRegistry& registry) {
  registry.add({.name = "sine",
                .summary = "a sine wave of nearly two periods, blurred more across than along",
                .citation = kToyCitation,
                .facts = {ExactDraws::known, define_sine},
                .make = make_sine});
}

}  // namespace samplerbench::targets
