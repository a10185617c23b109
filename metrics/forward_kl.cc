#include "metrics/entries.h"

#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class ForwardKl : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    if (const auto reason = needs_log_density(evidence)) return reason;
    if (const auto reason = needs_log_z(evidence)) return reason;
    return needs_reference(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const Tensor target = evidence.problem.target->log_density(evidence.reference);
    const Tensor law = evidence.log_density(evidence.reference);
    return (target - law).mean().item<double>() - *evidence.problem.reference.log_z;
  }

  std::string convention() const override {
    return "mean over exact draws of log q - log Z - log p, in nats; q the target, p the exact density of "
           "the "
           "draws' law; an estimate, so slightly negative values occur";
  }

  bool has_floor() const override { return false; }
};

}  // namespace

void add_forward_kl(MetricRegistry& registry) {
  registry.add(
      {.name = "forward_kl",
       .summary = "Kullback-Leibler divergence from the target to the sampler's law: sees missing modes",
       .citation = "Kullback and Leibler (1951)",
       .facts = {.display = "Forward KL", .unit = "nats", .needs_density = true},
       .make = [](const MetricInput&) { return std::make_unique<ForwardKl>(); }});
}

}  // namespace samplerbench::metrics
