#include "harness/run/trial_normal.h"

#include <cmath>
#include <memory>
#include <numbers>
#include <utility>

namespace samplerbench::harness {
namespace {

constexpr double kMeanOfTrial = 0.5, kVarianceOfTrial = 0.5;

// N(m, (v + sigma^2) I), scaled to the mass of exp(-|x - m|^2 / (2 v)): the law blurred.
class TrialNormal : public targets::Target {
 public:
  // noise: sigma^2, [1, 1], or [N, 1] for N points, float64.
  TrialNormal(int64_t dim, Tensor noise) : dim_(dim), noise_(std::move(noise)) {}

  int64_t dim() const override { return dim_; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor noise = noise_.to(x.options()).squeeze(1);
    const Tensor shrinkage = (1 + noise / kVarianceOfTrial).log() * static_cast<double>(dim_);
    return -((x - kMeanOfTrial).square().sum(1) / (kVarianceOfTrial + noise) + shrinkage) / 2;
  }

  Tensor score(const Tensor& x) const override {
    return (kMeanOfTrial - x) / (kVarianceOfTrial + noise_.to(x.options()));
  }

  targets::ValueAndScore value_and_score(const Tensor& x) const override {
    const torch::NoGradGuard no_grad;
    return {log_density(x.detach()), score(x.detach())};
  }

  std::unique_ptr<targets::Target> noised_exactly(const Tensor& sigma) const override {
    const Tensor added = sigma.to(torch::kDouble).square().reshape({-1, 1});
    return std::make_unique<TrialNormal>(dim_, noise_ + added);
  }

 private:
  int64_t dim_;
  Tensor noise_;
};

}  // namespace

targets::Problem trial_normal(int64_t dim) {
  const double sd = std::sqrt(kVarianceOfTrial);
  targets::Problem problem{.target =
                               std::make_unique<TrialNormal>(dim, torch::zeros({1, 1}, torch::kDouble))};
  problem.reference.log_z = static_cast<double>(dim) * std::log(2 * std::numbers::pi * kVarianceOfTrial) / 2;
  problem.reference.moments = targets::Moments{torch::full({dim}, kMeanOfTrial, torch::kDouble),
                                               torch::full({dim}, sd, torch::kDouble)};
  problem.reference.exact_draws = [dim, sd](int64_t n, Rng& rng) {
    return kMeanOfTrial + sd * rng.normal({n, dim}, torch::kDouble);
  };
  problem.reference.source = "closed form";
  return problem;
}

}  // namespace samplerbench::harness
