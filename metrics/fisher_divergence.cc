#include "metrics/entries.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class FisherDivergence : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_law_score(evidence)) return reason;
    return needs_reference(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const Tensor& x = evidence.reference;
    require_finite(x, "exact draws");
    const Tensor truth = evidence.problem.target->value_and_score(x).score;
    const Tensor law = evidence.law_score(x);
    require_finite(law, "scores of the sampler's law");
    return (truth - law).square().sum(1).mean().item<double>() / 2;
  }

  std::string convention() const override {
    return "E |s_q - s_p|^2 / 2, the mean over exact draws of the target q; s_p is the score of the law p of "
           "the "
           "sampler's draws; it hardly sees wrong masses of separate modes";
  }

  bool has_floor() const override { return false; }
};

}  // namespace

void add_fisher_divergence(MetricRegistry& registry) {
  registry.add({.name = "fisher_divergence",
                .summary = "Fisher divergence from the target to the sampler's law: compares their scores",
                .citation = "Hyvarinen 2005, Journal of Machine Learning Research 6, page 695",
                .facts = {"Fisher divergence"},
                .make = [](const MetricInput&) { return std::make_unique<FisherDivergence>(); }});
}

}  // namespace samplerbench::metrics
