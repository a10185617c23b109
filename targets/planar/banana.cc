#include "targets/planar/entries.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

// log q(x) = -x1^2 / (2 s^2) - r^2 / 2 with r = x2 - c (x1^2 - s^2).
class Banana : public PointwiseTarget<Banana> {
 public:
  Banana(double curvature, double sd) : curvature_(curvature), variance_(sd * sd) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    return x.select(1, 0).square() * (-0.5 / variance_) - residual(x).square() * 0.5;
  }

  Tensor score(const Tensor& x) const override { return score_from(x, residual(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor r = residual(x);
    Tensor value = x.select(1, 0).square().mul_(-0.5 / variance_).addcmul_(r, r, -0.5);
    return {std::move(value), score_from(x, r)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T curvature = static_cast<T>(curvature_), pull = static_cast<T>(-1 / variance_) * x[0];
    const T r = x[1] + static_cast<T>(curvature_ * variance_) - curvature * x[0] * x[0];
    score[0] = pull + 2 * curvature * x[0] * r;
    score[1] = -r;
    return (pull * x[0] - r * r) / 2;
  }

 private:
  // r: [N].
  Tensor residual(const Tensor& x) const {
    const Tensor x1 = x.select(1, 0);
    return torch::addcmul(x.select(1, 1) + curvature_ * variance_, x1, x1, -curvature_);
  }

  Tensor score_from(const Tensor& x, const Tensor& r) const {
    const Tensor x1 = x.select(1, 0);
    return torch::stack({torch::addcmul(x1 * (-1 / variance_), x1, r, 2 * curvature_), -r}, 1);
  }

  double curvature_;
  double variance_;
};

Problem make_banana(const ProblemInput& input) {
  const double curvature = input.options.real("curvature"), sd = input.options.real("sd");
  const double bend = curvature * sd * sd;
  Problem problem{.target = std::make_unique<Banana>(curvature, sd)};
  problem.reference.log_z = std::log(2 * std::numbers::pi * sd);
  problem.reference.moments = Moments{torch::zeros({2}, torch::kDouble),
                                      torch::tensor({sd, std::sqrt(1 + 2 * bend * bend)}, torch::kDouble)};
  problem.reference.exact_draws = [sd, bend](int64_t n, Rng& rng) {
    Tensor x = rng.normal({n, 2}, torch::kDouble);
    x.select(1, 1).add_(x.select(1, 0).square().sub_(1), bend);
    x.select(1, 0).mul_(sd);
    return x;
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition define_banana(const Options& options) {
  const double curvature = options.real("curvature"), sd = options.real("sd");
  return {.density = "log q(x) = -x1^2 / (2 s^2) - r^2 / 2 with r = x2 - c (x1^2 - s^2)",
          .constants = {{"c", curvature}, {"s", sd}},
          .modes = fmt::format("one, at (0, {})", -curvature * sd * sd)};
}

}  // namespace

void add_banana(TargetRegistry& registry) {
  registry.add({.name = "banana",
                .summary = "a Gaussian twisted along a wide parabola",
                .citation = "Haario, Saksman and Tamminen (1999), Computational Statistics 14",
                .facts = {ExactDraws::known, define_banana},
                .options = {Option::real("curvature", 0.03, "bend of the second coordinate"),
                            Option::real("sd", 10, "standard deviation of the first coordinate").above(0)},
                .make = make_banana});
}

}  // namespace samplerbench::targets
