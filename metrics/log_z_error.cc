#include "metrics/entries.h"

#include <cmath>

#include "metrics/importance_weights.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class LogZError : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    if (!evidence.log_z && !evidence.log_density)
      return "needs a sampler that knows its density or estimates log Z";
    if (const auto reason = needs_log_z(evidence)) return reason;
    return evidence.log_z ? std::nullopt : needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    const double estimate =
        evidence.log_z ? evidence.log_z->value : log_mean_weight(log_importance_weights(evidence));
    return std::abs(estimate - *evidence.problem.reference.log_z);
  }

  std::string convention() const override {
    return "|estimate - log Z|, natural logarithm; the sampler's own estimate, else the log mean of q / p "
           "over the draws; q the target, p the exact density of the draws' law; blind to modes without "
           "draws";
  }

  bool has_floor() const override { return false; }
};

}  // namespace

void add_log_z_error(MetricRegistry& registry) {
  registry.add({.name = "log_z_error",
                .summary = "error of the sampler's estimate of log Z, or of that by importance weights",
                .citation = "Blessing et al. (2024), arXiv 2406.07423",
                .facts = {.display = "Log Z error", .unit = "nats", .needs_density = true},
                .make = [](const MetricInput&) { return std::make_unique<LogZError>(); }});
}

}  // namespace samplerbench::metrics
