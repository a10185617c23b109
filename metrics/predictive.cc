#include "metrics/entries.h"

#include <fmt/format.h>

#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// The predictive probabilities [T]. Throws CannotJudge where a draw or a probability is not finite.
Tensor predicted(const Tensor& draws, const targets::TestSet& test) {
  require_finite(draws, "draws");
  const Tensor p = test.predict(draws);
  require_finite(p, "predicted probabilities");
  return p;
}

// Logs of the predictive probabilities of the labels [T].
Tensor log_predicted(const Tensor& draws, const targets::TestSet& test) {
  require_finite(draws, "draws");
  if (test.log_predict) return test.log_predict(draws);
  const Tensor p = predicted(draws, test);
  return torch::where(test.labels > 0.5, p, 1 - p).clamp_min(1e-300).log();
}

// Percentage of labels whose predictive probability is above one half.
double accuracy(const Tensor& draws, const targets::TestSet& test) {
  const Tensor hit = (predicted(draws, test) > 0.5).eq(test.labels > 0.5);
  return 100 * hit.to(torch::kDouble).mean().item<double>();
}

class PredictiveMetric : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_test_set(evidence)) return reason;
    return needs_draws(evidence, 1);
  }

 protected:
  static const targets::TestSet& test_of(const Evidence& evidence) {
    return *evidence.problem.reference.test_set;
  }
};

// A figure of one split of the data: exact draws of another split say nothing of it, and need not be the
// best.
class SplitMetric : public PredictiveMetric {
 public:
  bool has_floor() const override { return false; }
};

class Accuracy : public SplitMetric {
 public:
  double value(const Evidence& evidence, Rng&) const override {
    return accuracy(evidence.draws, test_of(evidence));
  }
  Better better() const override { return Better::higher; }
  std::string convention() const override {
    return "percentage of held-out labels to which the mean over the draws of the predicted probability "
           "gives more "
           "than 1/2";
  }
};

class AccuracyGap : public PredictiveMetric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = PredictiveMetric::skip(evidence)) return reason;
    return needs_reference(evidence, 1);
  }
  double value(const Evidence& evidence, Rng&) const override {
    const targets::TestSet& test = test_of(evidence);
    return accuracy(evidence.reference, test) - accuracy(evidence.draws, test);
  }
  std::string convention() const override {
    return "accuracy of as many draws of the reference posterior less that of the draws, in percentage "
           "points of the "
           "held-out labels: what inference lost, negative where it gained by chance";
  }
};

class LogPredictiveDensity : public SplitMetric {
 public:
  double value(const Evidence& evidence, Rng&) const override {
    return log_predicted(evidence.draws, test_of(evidence)).mean().item<double>();
  }
  Better better() const override { return Better::higher; }
  std::string convention() const override {
    return "mean over held-out labels of the log of their predicted probability, itself the mean over the "
           "draws, in "
           "nats";
  }
};

class CalibrationError : public SplitMetric {
 public:
  explicit CalibrationError(const Options& options) : bins_(options.integer("bins")) {}

  double value(const Evidence& evidence, Rng&) const override {
    const targets::TestSet& test = test_of(evidence);
    const Tensor p = predicted(evidence.draws, test);
    const Tensor bin = (p * static_cast<double>(bins_)).floor().clamp(0, bins_ - 1).to(torch::kLong);
    const Tensor gaps = torch::zeros({bins_}, torch::kDouble).index_add_(0, bin, test.labels - p);
    return gaps.abs().sum().item<double>() / static_cast<double>(p.size(0));
  }
  std::string convention() const override {
    return fmt::format(
        "expected calibration error of the predicted probability of label 1: mean over held-out labels of "
        "|share of "
        "label 1 - mean probability| of their bin, {} bins of equal width",
        bins_);
  }

 private:
  int64_t bins_;
};

template <class Kind>
MetricFactory predictive_factory() {
  return [](const MetricInput&) { return std::make_unique<Kind>(); };
}

}  // namespace

void add_predictive(MetricRegistry& registry) {
  registry.add({.name = "accuracy",
                .summary = "accuracy of the posterior predictive on held-out labels",
                .citation = "Liu and Wang (2016), arXiv 1608.04471",
                .facts = {"Accuracy", "%"},
                .make = predictive_factory<Accuracy>()});
  registry.add({.name = "accuracy_gap",
                .summary = "accuracy lost against the reference posterior",
                .citation = "a choice of this suite",
                .facts = {"Accuracy gap", "percentage points"},
                .make = predictive_factory<AccuracyGap>()});
  registry.add(
      {.name = "calibration_error",
       .summary = "expected calibration error on held-out labels",
       .citation = "Naeini, Cooper and Hauskrecht (2015), AAAI; Guo et al. (2017), arXiv 1706.04599",
       .facts = {"ECE"},
       .options = {Option::integer("bins", 15, "of equal width").at_least(1).at_most(10000)},
       .make = [](const MetricInput& input) { return std::make_unique<CalibrationError>(input.options); }});
  registry.add({.name = "log_predictive_density",
                .summary = "mean log predictive density of held-out labels",
                .citation = "Gelman, Hwang and Vehtari (2014), doi 10.1007/s11222-013-9416-2",
                .facts = {"Log predictive density", "nats"},
                .make = predictive_factory<LogPredictiveDensity>()});
}

}  // namespace samplerbench::metrics
