#include "targets/planar/entries.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "targets/planar/rejection.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr double kRadius = 2.6;
constexpr double kWidth = 0.033;
constexpr double kVariance = kWidth / 2;  // of the radius, nearly
constexpr double kLeastSquare = 1e-24;    // of |x|^2 in a division

class Donut : public PointwiseTarget<Donut> {
 public:
  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    return (square(x).sqrt() - kRadius).square().squeeze(1) * (-1 / kWidth);
  }

  Tensor score(const Tensor& x) const override {
    return x * (square(x).rsqrt() * kRadius - 1).mul(2 / kWidth);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor square = Donut::square(x);
    const Tensor excess = square.rsqrt().mul_(kRadius).sub_(1);  // (2.6 - |x|) / |x|
    Tensor value = excess.square().mul_(square).mul_(-1 / kWidth).squeeze(1);
    return {value, (x * excess).mul_(2 / kWidth)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T square = std::max(x[0] * x[0] + x[1] * x[1], static_cast<T>(kLeastSquare));
    const T excess = static_cast<T>(kRadius) / std::sqrt(square) - 1;  // (2.6 - |x|) / |x|
    const T pull = static_cast<T>(2 / kWidth) * excess;
    score[0] = pull * x[0];
    score[1] = pull * x[1];
    return excess * excess * square * static_cast<T>(-1 / kWidth);
  }

 private:
  // |x|^2, kept off 0, where the score has no direction and is given as 0: [N, 1].
  static Tensor square(const Tensor& x) { return x.square().sum(1, true).clamp_min(kLeastSquare); }
};

// Integrals of r^k exp(-(r - R)^2 / (2 v)) over r > 0, for k = 1 and 3, by parts.
struct Radial {
  double first;
  double third;
};

Radial radial_integrals() {
  const double sd = std::sqrt(kVariance);
  const double zeroth =
      sd * std::sqrt(2 * std::numbers::pi) * std::erfc(-kRadius / sd / std::numbers::sqrt2) / 2;
  const double first = kRadius * zeroth + kVariance * std::exp(-kRadius * kRadius / (2 * kVariance));
  const double second = kRadius * first + kVariance * zeroth;
  return {first, kRadius * second + 2 * kVariance * first};
}

// Radii with density r exp(-(r - R)^2 / (2 v)): since r / R <= exp(r / R - 1), proposals from N(R + v / R, v)
// are accepted with probability (r / R) exp(1 - r / R), which is nearly 1.
Tensor draw_radii(int64_t n, Rng& rng) {
  return draw_by_rejection(n, [&rng](int64_t proposals) {
    const Tensor r = rng.normal({proposals}, torch::kDouble)
                         .mul_(std::sqrt(kVariance))
                         .add_(kRadius + kVariance / kRadius);
    const Tensor ratio = r / kRadius;
    return r.masked_select(rng.uniform({proposals}, torch::kDouble) < ratio * (1 - ratio).exp());
  });
}

Problem make_donut(const ProblemInput&) {
  const Radial radial = radial_integrals();
  Problem problem{.target = std::make_unique<Donut>()};
  problem.reference.log_z = std::log(2 * std::numbers::pi * radial.first);
  problem.reference.moments =
      Moments{torch::zeros({2}, torch::kDouble),
              torch::full({2}, std::sqrt(radial.third / radial.first / 2), torch::kDouble)};
  problem.reference.exact_draws = [](int64_t n, Rng& rng) {
    const Tensor radius = draw_radii(n, rng);
    const Tensor angle = rng.uniform({n}, torch::kDouble).mul_(2 * std::numbers::pi);
    return torch::stack({radius * angle.cos(), radius * angle.sin()}, 1);
  };
  problem.reference.source = "closed form; draws by exact rejection of the radius";
  return problem;
}

Definition define_donut(const Options&) {
  return {.density = "log q(x) = -(|x| - R)^2 / w",
          .constants = {{"R", kRadius}, {"w", kWidth}},
          .modes = "all points of the circle |x| = R"};
}

}  // namespace

void add_donut(TargetRegistry& registry) {
  registry.add({.name = "donut",
                .summary = "a thin ring",
                .citation = "the donut of a public demonstration of MCMC (chi-feng/mcmc-demo)",
                .facts = {ExactDraws::known, define_donut},
                .make = make_donut});
}

}  // namespace samplerbench::targets
