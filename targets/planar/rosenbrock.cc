#include "targets/planar/entries.h"

#include <cmath>
#include <numbers>

#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

class Rosenbrock : public PointwiseTarget<Rosenbrock> {
 public:
  Rosenbrock(double a, double b) : a_(a), b_(b) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    return (x.select(1, 0) - 1).square() * -a_ - residual(x).square() * b_;
  }

  Tensor score(const Tensor& x) const override { return score_from(x, residual(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor r = residual(x);
    const Tensor along = x.select(1, 0) - 1;
    return {torch::addcmul(along.square().mul_(-a_), r, r, -b_), score_from(x, r)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T a = static_cast<T>(a_), b = static_cast<T>(b_);
    const T along = x[0] - 1, r = x[1] - x[0] * x[0];
    score[0] = -2 * a * along + 4 * b * x[0] * r;
    score[1] = -2 * b * r;
    return -a * along * along - b * r * r;
  }

 private:
  // x2 - x1^2: [N].
  static Tensor residual(const Tensor& x) {
    const Tensor x1 = x.select(1, 0);
    return torch::addcmul(x.select(1, 1), x1, x1, -1);
  }

  Tensor score_from(const Tensor& x, const Tensor& r) const {
    const Tensor x1 = x.select(1, 0);
    return torch::stack({torch::addcmul((1 - x1) * (2 * a_), x1, r, 4 * b_), r * (-2 * b_)}, 1);
  }

  double a_;
  double b_;
};

// x1 ~ N(1, 1/(2a)), x2 | x1 ~ N(x1^2, 1/(2b)).
Problem make_rosenbrock(const ProblemInput& input) {
  const double a = input.options.real("a"), b = input.options.real("b");
  const double variance = 1 / (2 * a), conditional = 1 / (2 * b);
  Problem problem{.target = std::make_unique<Rosenbrock>(a, b)};
  problem.reference.log_z = std::log(std::numbers::pi / std::sqrt(a * b));
  problem.reference.moments = Moments{
      torch::tensor({1.0, 1 + variance}, torch::kDouble),
      torch::tensor({variance, conditional + 4 * variance + 2 * variance * variance}, torch::kDouble).sqrt()};
  problem.reference.exact_draws = [variance, conditional](int64_t n, Rng& rng) {
    Tensor x = rng.normal({n, 2}, torch::kDouble);
    const Tensor x1 = x.select(1, 0).mul_(std::sqrt(variance)).add_(1);
    x.select(1, 1).mul_(std::sqrt(conditional)).add_(x1.square());
    return x;
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition define_rosenbrock(const Options& options) {
  return {.density = "log q(x) = -a (x1 - 1)^2 - b (x2 - x1^2)^2",
          .constants = {{"a", options.real("a")}, {"b", options.real("b")}},
          .modes = "one, at (1, 1)"};
}

}  // namespace

void add_rosenbrock(TargetRegistry& registry) {
  registry.add({.name = "rosenbrock",
                .summary = "a thin curved valley",
                .citation = "Goodman and Weare 2010 use the family; a and b are a choice of this suite",
                .facts = {ExactDraws::known, define_rosenbrock},
                .options = {Option::real("a", 0.5, "precision along the valley, halved").above(0),
                            Option::real("b", 5, "precision across the valley, halved").above(0)},
                .make = make_rosenbrock});
}

}  // namespace samplerbench::targets
