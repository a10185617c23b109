#include "metrics/entries.h"
#include "metrics/importance_weights.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// -infinity where a weight is 0, NaN where a path has none.
class LowerBound : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    return needs_log_weights(evidence);
  }

  double value(const Evidence& evidence, Rng&) const override {
    return log_weights_of(evidence).mean().item<double>();
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return "mean of log w over the draws, in nats, an estimate of a lower bound of log Z; w = q / p, "
           "q the target, p the exact density of the draws' law; of a sampler of paths, w of the paths "
           "to the draws";
  }

  bool has_floor() const override { return false; }
};

// Infinite where the sampler's law, or its paths, leave out an exact draw.
class UpperBound : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    if (!evidence.path_weights && !evidence.log_density)
      return "needs a sampler that knows its density or weighs its paths";
    if (evidence.path_weights && !evidence.path_weights->run_back)
      return "needs a sampler whose paths can be run back";
    return needs_reference(evidence, 1);
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    torch::NoGradGuard no_grad;
    const Tensor& x = evidence.reference;
    const Tensor log_weights = evidence.path_weights
                                   ? evidence.path_weights->run_back(x, rng)
                                   : evidence.problem.target->log_density(x) - evidence.log_density(x);
    return log_weights.mean().item<double>();
  }

  std::string convention() const override {
    return "mean of log w over exact draws, in nats, an estimate of an upper bound of log Z; w = q / p, "
           "q the target, p the exact density of the draws' law; of a sampler of paths, w of paths that "
           "are run back from exact draws; sees missing modes";
  }

  bool has_floor() const override { return false; }
};

}  // namespace

void add_log_z_bounds(MetricRegistry& registry) {
  registry.add({.name = "elbo",
                .summary = "lower bound of log Z by the sampler's own draws or paths",
                .citation = "Jordan, Ghahramani, Jaakkola and Saul (1999), Machine Learning 37",
                .facts = {.display = "ELBO", .unit = "nats", .needs_density = true},
                .make = [](const MetricInput&) { return std::make_unique<LowerBound>(); }});
  registry.add(
      {.name = "eubo",
       .summary = "upper bound of log Z by the sampler's density of, or its paths back from, exact draws",
       .citation = "Blessing et al. (2024), arXiv 2406.07423",
       .facts = {.display = "EUBO", .unit = "nats", .needs_density = true},
       .make = [](const MetricInput&) { return std::make_unique<UpperBound>(); }});
}

}  // namespace samplerbench::metrics
