#include "targets/planar/entries.h"

#include <cmath>
#include <numbers>

#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr double kFrequency = 5;
constexpr double kVariance1 = 2;
constexpr double kVariance2 = 0.5;
constexpr double kCovariance = 0.25;
constexpr double kDeterminant = kVariance1 * kVariance2 - kCovariance * kCovariance;

// With y = (x1, x2 + sin 5 x1): log q = -y' P y / 2, where P is the inverse covariance; the map has
// Jacobian 1.
class Squiggle : public PointwiseTarget<Squiggle> {
 public:
  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor y1 = x.select(1, 0);
    const Tensor y2 = x.select(1, 1) + (y1 * kFrequency).sin();
    return (y1 * pull1(y1, y2) + y2 * pull2(y1, y2)) / 2;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor y1 = x.select(1, 0);
    const Tensor phase = y1 * kFrequency;
    const Tensor y2 = x.select(1, 1) + phase.sin();
    return unbent(pull1(y1, y2), pull2(y1, y2), phase);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor y1 = x.select(1, 0);
    const Tensor phase = y1 * kFrequency;
    const Tensor y2 = phase.sin().add_(x.select(1, 1));
    const Tensor p1 = pull1(y1, y2), p2 = pull2(y1, y2);
    return {(y1 * p1).addcmul_(y2, p2).mul_(0.5), unbent(p1, p2, phase)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    constexpr T kOwn1 = -kVariance2 / kDeterminant, kOwn2 = -kVariance1 / kDeterminant;
    constexpr T kCross = kCovariance / kDeterminant;
    const T phase = static_cast<T>(kFrequency) * x[0], y2 = x[1] + std::sin(phase);
    const T p1 = kOwn1 * x[0] + kCross * y2, p2 = kOwn2 * y2 + kCross * x[0];
    score[0] = p1 + static_cast<T>(kFrequency) * std::cos(phase) * p2;
    score[1] = p2;
    return (x[0] * p1 + y2 * p2) / 2;
  }

 private:
  // The two coordinates of -P y: [N], [N] -> [N].
  static Tensor pull1(const Tensor& y1, const Tensor& y2) {
    return torch::add(y1 * (-kVariance2 / kDeterminant), y2, kCovariance / kDeterminant);
  }
  static Tensor pull2(const Tensor& y1, const Tensor& y2) {
    return torch::add(y2 * (-kVariance1 / kDeterminant), y1, kCovariance / kDeterminant);
  }

  static Tensor unbent(const Tensor& p1, const Tensor& p2, const Tensor& phase) {
    return torch::stack({torch::addcmul(p1, phase.cos(), p2, kFrequency), p2}, 1);
  }
};

// Var x2 = Var y2 - 2 Cov(y2, sin 5 y1) + Var sin 5 y1, where Cov(y2, sin 5 y1) = 5 Cov(y1, y2) E cos 5 y1.
double variance_of_second() {
  const auto mean_cosine = [](double frequency) { return std::exp(-frequency * frequency * kVariance1 / 2); };
  return kVariance2 - 2 * kFrequency * kCovariance * mean_cosine(kFrequency) +
         (1 - mean_cosine(2 * kFrequency)) / 2;
}

Problem make_squiggle(const ProblemInput&) {
  Problem problem{.target = std::make_unique<Squiggle>()};
  problem.reference.log_z = std::log(2 * std::numbers::pi * std::sqrt(kDeterminant));
  problem.reference.moments =
      Moments{torch::zeros({2}, torch::kDouble),
              torch::tensor({std::sqrt(kVariance1), std::sqrt(variance_of_second())}, torch::kDouble)};
  problem.reference.exact_draws = [](int64_t n, Rng& rng) {
    Tensor x = rng.normal({n, 2}, torch::kDouble);
    const Tensor x1 = x.select(1, 0).mul_(std::sqrt(kVariance1));
    x.select(1, 1)
        .mul_(std::sqrt(kDeterminant / kVariance1))
        .add_(x1, kCovariance / kVariance1)
        .sub_((x1 * kFrequency).sin());
    return x;
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition define_squiggle(const Options&) {
  return {.density =
              "log q(x) = -(c22 y1^2 - 2 c12 y1 y2 + c11 y2^2) / (2 (c11 c22 - c12^2)) with y1 = x1, y2 = x2 "
              "+ sin(k x1)",
          .constants = {{"k", kFrequency}, {"c11", kVariance1}, {"c12", kCovariance}, {"c22", kVariance2}},
          .modes = "one, at (0, 0)"};
}

}  // namespace

void add_squiggle(TargetRegistry& registry) {
  registry.add({.name = "squiggle",
                .summary = "a Gaussian bent along a sine",
                .citation = "the squiggle of a public demonstration of MCMC (chi-feng/mcmc-demo)",
                .facts = {ExactDraws::known, define_squiggle},
                .make = make_squiggle});
}

}  // namespace samplerbench::targets
