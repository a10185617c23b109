#include "metrics/mode_weight_error.h"

#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class ModeWeightError : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_modes(evidence)) return reason;
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    const targets::Modes& modes = *evidence.problem.reference.modes;
    const Tensor counts = torch::bincount(modes.assign(evidence.draws), {}, modes.weights.size(0));
    const Tensor shares = counts.to(torch::kDouble) / static_cast<double>(evidence.draws.size(0));
    return 0.5 * (shares - modes.weights).abs().sum().item<double>();
  }

  std::string convention() const override {
    return "total variation between the share of draws that each mode gets and its true weight, in [0, 1]";
  }
};

}  // namespace

void add_mode_weight_error(MetricRegistry& registry) {
  registry.add({.name = "mode_weight_error",
                .summary = "total variation between found and true weights of the modes",
                .citation = "a choice of this suite",
                .make = [](const MetricInput&) { return std::make_unique<ModeWeightError>(); }});
}

}  // namespace samplerbench::metrics
