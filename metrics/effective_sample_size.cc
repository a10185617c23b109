#include "metrics/entries.h"

#include <algorithm>
#include <limits>

#include "metrics/chain_diagnostics.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

constexpr const char* kBulk =
    "bulk effective sample size on normal scores of ranks (split chains, Geyer's initial monotone sequence), "
    "worst "
    "coordinate, over the kept states of all chains";

// The bulk effective sample size; the others divide it by a cost.
class EssBulk : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    return needs_chains(evidence, 4);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite(*evidence.chains, "chains");
    double worst = std::numeric_limits<double>::infinity();
    for (int64_t d = 0; d < evidence.chains->size(2); ++d)
      worst = std::min(worst, bulk_effective_sample_size(evidence.chains->select(2, d)));
    return worst;
  }

  Better better() const override { return Better::higher; }
  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }
  std::string convention() const override { return kBulk; }
};

class EssPerSecond : public EssBulk {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = EssBulk::skip(evidence)) return reason;
    if (evidence.usage.wall_s > 0) return std::nullopt;
    return "needs time on the clock";
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    return EssBulk::value(evidence, rng) / evidence.usage.wall_s;
  }

  std::string convention() const override {
    return std::string(kBulk) + "; per second of wall-clock time in steps, warm-up included";
  }
};

class EssPerScore : public EssBulk {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = EssBulk::skip(evidence)) return reason;
    if (evidence.usage.score <= 0) return "needs counted scores";
    const double passes = evidence.usage.data_passes;
    if (passes > 0 && passes < static_cast<double>(evidence.usage.score)) return "scores are of minibatches";
    return std::nullopt;
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    return EssBulk::value(evidence, rng) / static_cast<double>(evidence.usage.score);
  }

  std::string convention() const override {
    return std::string(kBulk) + "; per score (gradient of the log density at one point), warm-up included";
  }
};

template <class Kind>
MetricFactory ess_factory() {
  return [](const MetricInput&) { return std::make_unique<Kind>(); };
}

}  // namespace

void add_effective_sample_size(MetricRegistry& registry) {
  const std::string citation = "Vehtari et al. 2021, arXiv 1903.08008";
  registry.add({.name = "ess_bulk",
                .summary = "bulk effective sample size of the chains, worst coordinate",
                .citation = citation,
                .facts = {"Bulk ESS"},
                .make = ess_factory<EssBulk>()});
  registry.add({.name = "ess_per_second",
                .summary = "bulk effective sample size per second of steps",
                .citation = citation,
                .facts = {.display = "Bulk ESS per second", .unit = "1/s", .timed = true},
                .make = ess_factory<EssPerSecond>()});
  registry.add({.name = "ess_per_score",
                .summary = "bulk effective sample size per gradient of the log density",
                .citation = citation,
                .facts = {"Bulk ESS per gradient"},
                .make = ess_factory<EssPerScore>()});
}

}  // namespace samplerbench::metrics
