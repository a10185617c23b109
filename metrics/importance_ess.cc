#include "metrics/entries.h"

#include "core/effective_share.h"
#include "metrics/importance_weights.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class ImportanceEss : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    return needs_log_weights(evidence);
  }

  double value(const Evidence& evidence, Rng&) const override {
    return effective_share(log_weights_of(evidence));
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return "(sum w)^2 / (n sum w^2) of the weights w = q / p at the n draws, in [1 / n, 1]; q the target, p "
           "the exact density of the draws' law; of a sampler of paths, w of the paths to the draws; "
           "blind to modes without draws";
  }

  bool has_floor() const override { return false; }
};

}  // namespace

void add_importance_ess(MetricRegistry& registry) {
  registry.add(
      {.name = "importance_ess",
       .summary = "effective sample size of the importance weights, as a share of the draws",
       .citation = "Kong (1992); reverse effective sample size of Blessing et al. (2024), arXiv 2406.07423",
       .facts = {.display = "Importance ESS", .needs_density = true},
       .make = [](const MetricInput&) { return std::make_unique<ImportanceEss>(); }});
}

}  // namespace samplerbench::metrics
