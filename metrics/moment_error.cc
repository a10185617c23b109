#include "metrics/entries.h"

#include <cmath>

#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class MomentMeanError : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_moments(evidence)) return reason;
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite_draws(evidence);
    const targets::Moments& truth = *evidence.problem.reference.moments;
    const double n = static_cast<double>(evidence.draws.size(0));
    Tensor standard_error = truth.sd / std::sqrt(n);
    if (truth.mean_error.defined()) standard_error = torch::hypot(standard_error, truth.mean_error);
    return ((evidence.draws.mean(0) - truth.mean).abs() / standard_error).max().item<double>();
  }

  std::string convention() const override {
    return "|mean of the draws - true mean| in the worst coordinate, in units of sd/sqrt(n), the standard "
           "error of n "
           "independent draws";
  }
};

class MomentSdError : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_moments(evidence)) return reason;
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite_draws(evidence);
    const targets::Moments& truth = *evidence.problem.reference.moments;
    const double n = static_cast<double>(evidence.draws.size(0));
    Tensor standard_error = truth.sd * ((kurtosis(evidence) - 1) / (4 * n)).sqrt();
    if (truth.sd_error.defined()) standard_error = torch::hypot(standard_error, truth.sd_error);
    const Tensor sd = evidence.draws.std(0, true);
    return ((sd - truth.sd).abs() / standard_error).max().item<double>();
  }

  std::string convention() const override {
    return "|sd of the draws - true sd| in the worst coordinate, in units of sd*sqrt((kurtosis - 1)/(4n)), "
           "the "
           "large-sample standard error of n independent draws; kurtosis from the exact draws, 3 where there "
           "are none";
  }

 private:
  // E(x - mean)^4 / sd^4 of the target, estimated so that it is never below 1: [D].
  static Tensor kurtosis(const Evidence& evidence) {
    if (!evidence.reference.defined() || evidence.reference.size(0) < 4)
      return torch::full_like(evidence.problem.reference.moments->sd, 3);
    const Tensor squares = (evidence.reference - evidence.reference.mean(0)).square();
    return squares.square().mean(0) / squares.mean(0).square();
  }
};

}  // namespace

void add_moment_error(MetricRegistry& registry) {
  registry.add({.name = "moment_mean_error",
                .summary = "error of the mean in standard errors, worst coordinate",
                .citation = "central limit theorem",
                .facts = {"Mean error", "s.e."},
                .make = [](const MetricInput&) { return std::make_unique<MomentMeanError>(); }});
  registry.add({.name = "moment_sd_error",
                .summary = "error of the standard deviation in standard errors, worst coordinate",
                .citation = "central limit theorem and delta method",
                .facts = {"SD error", "s.e."},
                .make = [](const MetricInput&) { return std::make_unique<MomentSdError>(); }});
}

}  // namespace samplerbench::metrics
