#include "targets/planar/entries.h"

#include <cmath>
#include <numbers>

#include "core/placed.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

// N(0, C + sigma^2 I) with C = [[1, rho], [rho, 1]], scaled to the mass of exp(-x' C^-1 x / 2).
class NoisedGaussian : public Target {
 public:
  NoisedGaussian(double correlation, const Tensor& sigma)
      : correlation_(correlation), variance_(sigma.to(torch::kDouble).square().reshape({-1, 1}) + 1) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor shrinkage =
        (determinant() / (1 - correlation_ * correlation_)).log().squeeze(1).to(x.options());
    return ((x * score(x)).sum(1) - shrinkage) / 2;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor determinant = this->determinant();
    const Tensor own = (-variance_ / determinant).to(x.options());
    const Tensor cross = (correlation_ / determinant).to(x.options());
    return torch::addcmul(x * own, x.flip(1), cross);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    return {log_density(x), score(x)};
  }

 private:
  Tensor determinant() const { return variance_.square() - correlation_ * correlation_; }

  double correlation_;
  Tensor variance_;  // [1, 1] or [N, 1] float64: 1 + sigma^2
};

// Unnormalised: -x' P x / 2 with precision P = [[1, -rho], [-rho, 1]] / (1 - rho^2).
class Gaussian : public PointwiseTarget<Gaussian> {
 public:
  explicit Gaussian(double correlation)
      : correlation_(correlation),
        minus_precision_(torch::tensor({-1.0, correlation, correlation, -1.0}, torch::kDouble).view({2, 2}) /
                         (1 - correlation * correlation)) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override { return (x * score(x)).sum(1) / 2; }

  Tensor score(const Tensor& x) const override { return x.mm(minus_precision_.like(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    Tensor s = score(x);
    return {(x * s).sum(1).mul_(0.5), s};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const double determinant = 1 - correlation_ * correlation_;
    const T own = static_cast<T>(-1 / determinant), cross = static_cast<T>(correlation_ / determinant);
    score[0] = own * x[0] + cross * x[1];
    score[1] = cross * x[0] + own * x[1];
    return (x[0] * score[0] + x[1] * score[1]) / 2;
  }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    return std::make_unique<NoisedGaussian>(correlation_, sigma);
  }

 private:
  double correlation_;
  PlacedTensor minus_precision_;  // [2, 2]
};

Problem make_gaussian(const ProblemInput& input) {
  const double rho = input.options.real("correlation");
  const double conditional_sd = std::sqrt(1 - rho * rho);
  Problem problem{.target = std::make_unique<Gaussian>(rho)};
  problem.reference.log_z = std::log(2 * std::numbers::pi * conditional_sd);
  problem.reference.moments = Moments{torch::zeros({2}, torch::kDouble), torch::ones({2}, torch::kDouble)};
  problem.reference.exact_draws = [rho, conditional_sd](int64_t n, Rng& rng) {
    Tensor x = rng.normal({n, 2}, torch::kDouble);
    x.select(1, 1).mul_(conditional_sd).add_(x.select(1, 0), rho);
    return x;
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition define_gaussian(const Options& options) {
  return {.density = "log q(x) = -(x1^2 - 2 rho x1 x2 + x2^2) / (2 (1 - rho^2))",
          .constants = {{"rho", options.real("correlation")}},
          .modes = "one, at (0, 0)"};
}

}  // namespace

void add_gaussian(TargetRegistry& registry) {
  registry.add(
      {.name = "gaussian",
       .summary = "correlated Gaussian in the plane",
       .citation = "a choice of this suite",
       .facts = {ExactDraws::known, define_gaussian},
       .options =
           {Option::real("correlation", 0.8, "correlation of the two coordinates").above(-1).at_most(0.999)},
       .make = make_gaussian});
}

}  // namespace samplerbench::targets
