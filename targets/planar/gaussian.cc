#include "targets/planar/gaussian.h"

#include <cmath>
#include <numbers>

namespace samplerbench::targets {
namespace {

// Unnormalised: -x' P x / 2 with precision P = [[1, -rho], [-rho, 1]] / (1 - rho^2).
class Gaussian : public Target {
 public:
  explicit Gaussian(double correlation) : correlation_(correlation) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override { return (x * score(x)).sum(1) / 2; }

  Tensor score(const Tensor& x) const override {
    return (correlation_ * x.flip(1) - x) / (1 - correlation_ * correlation_);
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    Tensor s = score(x);
    return {(x * s).sum(1) / 2, s};
  }

 private:
  double correlation_;
};

Problem make_gaussian(const ProblemInput& input) {
  const double rho = input.options.real("correlation");
  const double conditional_sd = std::sqrt(1 - rho * rho);
  Problem problem{.target = std::make_unique<Gaussian>(rho)};
  problem.reference.log_z = std::log(2 * std::numbers::pi * conditional_sd);
  problem.reference.moments = Moments{torch::zeros({2}, torch::kFloat64), torch::ones({2}, torch::kFloat64)};
  problem.reference.exact_draws = [rho, conditional_sd](int64_t n, Rng& rng) {
    Tensor x = rng.normal({n, 2}, torch::kFloat64);
    x.select(1, 1).mul_(conditional_sd).add_(x.select(1, 0), rho);
    return x;
  };
  problem.reference.source = "closed form";
  return problem;
}

}  // namespace

void add_gaussian(TargetRegistry& registry) {
  registry.add({.name = "gaussian",
                .summary = "correlated Gaussian in the plane",
                .citation = "a choice of this suite",
                .options = {Option::real("correlation", 0.8, "correlation of the two coordinates").above(-1).at_most(0.999)},
                .make = make_gaussian});
}

}  // namespace samplerbench::targets
