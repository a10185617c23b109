#include "metrics/entries.h"

#include <fmt/format.h>

#include "metrics/judged_quantities.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class PosteriorError : public Metric {
 public:
  explicit PosteriorError(const Options& options)
      : worst_(options.text("over") == "worst"), quantities_(options) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = quantities_.missing(evidence)) return reason;
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite_draws(evidence);
    const Tensor errors =
        this->errors(quantities_.at(evidence, evidence.draws), quantities_.truth(evidence));
    return (worst_ ? errors.max() : errors.mean()).item<double>();
  }

 protected:
  std::string which() const {
    const char* word = quantities_.word();
    return worst_ ? fmt::format("worst {}", word) : fmt::format("mean over the {}s", word);
  }

 private:
  virtual Tensor errors(const Tensor& draws, const targets::Moments& truth) const = 0;  // [n, K] -> [K]

  bool worst_;
  JudgedQuantities quantities_;
};

class PosteriorMeanError : public PosteriorError {
 public:
  using PosteriorError::PosteriorError;
  std::string convention() const override {
    return fmt::format("|mean of the draws - true mean| / true standard deviation, {}", which());
  }

 private:
  Tensor errors(const Tensor& draws, const targets::Moments& truth) const override {
    return ((draws.mean(0) - truth.mean) / truth.sd).abs();
  }
};

class PosteriorSdError : public PosteriorError {
 public:
  using PosteriorError::PosteriorError;
  std::string convention() const override {
    return fmt::format("|standard deviation of the draws / true standard deviation - 1|, {}", which());
  }

 private:
  Tensor errors(const Tensor& draws, const targets::Moments& truth) const override {
    return (draws.std(0, true) / truth.sd - 1).abs();
  }
};

template <class Kind>
Entry<MetricFactory> entry(std::string name, std::string summary, MetricFacts facts) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .citation = "a choice of this suite",
          .facts = std::move(facts),
          .options = {Option::choice("over", "worst", {"worst", "average"}, "coordinates"),
                      JudgedQuantities::option()},
          .make = [](const MetricInput& input) { return std::make_unique<Kind>(input.options); }};
}

}  // namespace

void add_posterior_error(MetricRegistry& registry) {
  registry.add(entry<PosteriorMeanError>("posterior_mean_error",
                                         "error of the mean in true standard deviations",
                                         {"Posterior mean error", "sd"}));
  registry.add(entry<PosteriorSdError>("posterior_sd_error", "relative error of the standard deviation",
                                       {"Posterior SD error", "relative"}));
}

}  // namespace samplerbench::metrics
