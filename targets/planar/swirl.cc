#include <cmath>
#include <numbers>
#include <vector>

#include "targets/planar/ebflow_toys.h"
#include "targets/planar/entries.h"
#include "targets/planar/smoothed_curve.h"

namespace samplerbench::targets {
namespace {

// x = r (n cos n + 1 - u1 / 2, 2 - n sin n - u2 / 2) with n = N sqrt(u), u, u1, u2 uniform in (0, 1). That is
//   x = r (n cos n + 3/4, 7/4 - n sin n) + uniforms on [-h, h],  h = r / 4.
constexpr double kSwirlScale = 5.0 / 6;             // r
constexpr double kSwirlEnd = 3 * std::numbers::pi;  // N
constexpr double kSwirlHalf = kSwirlScale / 4;      // h
constexpr double kSwirlShift1 = 0.75, kSwirlShift2 = 1.75;

// Every panel has the same integral of n + 1, which is somewhat more than the speed of the curve over r. A
// panel of 20 points spans at most 8 standard deviations, and 10 on the outer side of the bends: the rule
// leaves an error below 1e-9 in the log density wherever draws fall.
constexpr int kSwirlPanels = 16;

CurveNodes swirl_nodes() {
  constexpr double kLength = kSwirlEnd * (kSwirlEnd + 2);  // twice the integral of n + 1
  std::vector<double> ends;
  for (int k = 0; k <= kSwirlPanels; ++k) ends.push_back(std::sqrt(1 + kLength * k / kSwirlPanels) - 1);
  const CurveRule rule = gauss_panels(ends);
  CurveNodes nodes;
  for (size_t q = 0; q < rule.nodes.size(); ++q) {
    const double n = rule.nodes[q];
    const double density = 2 * n / (kSwirlEnd * kSwirlEnd);
    nodes.add(kSwirlScale * (n * std::cos(n) + kSwirlShift1), kSwirlScale * (kSwirlShift2 - n * std::sin(n)),
              rule.weights[q] * density);
  }
  return nodes;
}

Tensor draw_swirl(int64_t count, Rng& rng) {
  const Tensor n = rng.uniform({count}, torch::kDouble).sqrt_().mul_(kSwirlEnd);
  Tensor x = rng.uniform({count, 2}, torch::kDouble).sub_(0.5).mul_(2 * kSwirlHalf);
  x.add_(rng.normal({count, 2}, torch::kDouble), kToySd);
  x.select(1, 0).add_(n * n.cos() + kSwirlShift1, kSwirlScale);
  x.select(1, 1).add_(kSwirlShift2 - n * n.sin(), kSwirlScale);
  return x;
}

// E n cos n = -4 / N, E n sin n = 2 - 8 / N^2, and their squares have the means N^2 / 4 +- 3/4.
Moments swirl_moments() {
  constexpr double kSquare = kSwirlEnd * kSwirlEnd;
  const double cosine = -4 / kSwirlEnd, sine = 2 - 8 / kSquare;
  const double noise = kSwirlHalf * kSwirlHalf / 3 + kToySd * kToySd;
  const double scale = kSwirlScale * kSwirlScale;
  const double first = scale * (kSquare / 4 + 0.75 - cosine * cosine) + noise;
  const double second = scale * (kSquare / 4 - 0.75 - sine * sine) + noise;
  return {torch::tensor({kSwirlScale * (kSwirlShift1 + cosine), kSwirlScale * (kSwirlShift2 - sine)},
                        torch::kDouble),
          torch::tensor({first, second}, torch::kDouble).sqrt()};
}

Problem make_swirl(const ProblemInput&) {
  constexpr double kVariance = kToySd * kToySd;
  const CurveSmoothing smoothing{.half = kSwirlHalf, .variances = {kVariance, kVariance}};
  Problem problem{.target = planar_target(smoothed_curve(swirl_nodes(), smoothing))};
  problem.reference.log_z = 0;
  problem.reference.moments = swirl_moments();
  problem.reference.exact_draws = draw_swirl;
  problem.reference.source = "closed form, but for quadrature along the curve in the density";
  return problem;
}

Definition define_swirl(const Options&) {
  return {
      .density =
          "log q(x) = log of the mean over u in (0, 1) of B(x1 - r (n cos n + 3/4)) B(x2 - r (7/4 - n sin "
          "n)) with n = N sqrt(u), B(z) = (Phi((z + h) / s) - Phi((z - h) / s)) / (2 h)",
      .constants = {{"r", kSwirlScale}, {"N", kSwirlEnd}, {"h", kSwirlHalf}, {"s", kToySd}},
      .modes = "not stated"};
}

}  // namespace

void add_swirl(TargetRegistry& registry) {
  registry.add({.name = "swirl",
                .summary = "a spiral of one and a half turns, with its mass about evenly along it",
                .citation = kToyCitation,
                .facts = {ExactDraws::known, define_swirl},
                .make = make_swirl});
}

}  // namespace samplerbench::targets
