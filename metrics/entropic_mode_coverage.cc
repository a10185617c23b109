#include "metrics/entropic_mode_coverage.h"

#include <cmath>

#include "metrics/mode_weight_error.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// In nats; 0 log 0 = 0.
double entropy(const Tensor& shares) { return -torch::special_xlogy(shares, shares).sum().item<double>(); }

class EntropicModeCoverage : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_modes(evidence)) return reason;
    if (evidence.problem.reference.modes->weights.size(0) < 2) return "needs at least two modes";
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    const Tensor& weights = evidence.problem.reference.modes->weights;
    const Tensor shares = mode_shares(evidence);
    return equal_weights(weights) ? normalised_entropy(shares)
                                  : 1 - jensen_shannon_divergence(shares, weights);
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return "modes of equal weight: entropy of the shares of draws that each mode gets, logarithm to the base "
           "of "
           "the number of modes; of unequal weight: 1 - Jensen-Shannon divergence of shares and weights, "
           "logarithm to the base 2; each draw counts for one mode; in [0, 1]";
  }
};

}  // namespace

double normalised_entropy(const Tensor& shares) {
  return entropy(shares) / std::log(static_cast<double>(shares.size(0)));
}

double jensen_shannon_divergence(const Tensor& shares, const Tensor& weights) {
  return (entropy((shares + weights) / 2) - (entropy(shares) + entropy(weights)) / 2) / std::log(2.0);
}

void add_entropic_mode_coverage(MetricRegistry& registry) {
  registry.add(
      {.name = "entropic_mode_coverage",
       .summary = "entropy of the draws' shares among the modes: 1 where all are covered as they should be",
       .citation = "after EMC and EJS of Blessing et al. (2024), arXiv 2406.07423",
       .facts = {"Entropic mode coverage"},
       .make = [](const MetricInput&) { return std::make_unique<EntropicModeCoverage>(); }});
}

}  // namespace samplerbench::metrics
