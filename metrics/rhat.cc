#include "metrics/entries.h"

#include <algorithm>

#include "metrics/chain_diagnostics.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class RHat : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    return needs_chains(evidence, 4);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite(*evidence.chains, "chains");
    double worst = 0;
    for (int64_t d = 0; d < evidence.chains->size(2); ++d)
      worst = std::max(worst, rank_r_hat(evidence.chains->select(2, d)));
    return worst;
  }

  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }

  std::string convention() const override {
    return "split R-hat on normal scores of ranks, the larger of the plain and the folded one, worst "
           "coordinate; 1 is "
           "perfect, below 1.01 is usually asked; over the kept states of all chains";
  }
};

}  // namespace

void add_rhat(MetricRegistry& registry) {
  registry.add({.name = "rhat",
                .summary = "rank-normalised split R-hat of the chains, worst coordinate",
                .citation = "Vehtari et al. 2021, arXiv 1903.08008",
                .facts = {"R-hat"},
                .make = [](const MetricInput&) { return std::make_unique<RHat>(); }});
}

}  // namespace samplerbench::metrics
