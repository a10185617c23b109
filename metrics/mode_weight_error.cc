#include "metrics/mode_weight_error.h"

#include <fmt/format.h>

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
    const Tensor& weights = evidence.problem.reference.modes->weights;
    return 0.5 * (mode_shares(evidence) - weights).abs().sum().item<double>();
  }

  std::string convention() const override {
    return "total variation between the share of draws that each mode gets and its true weight, in [0, 1]";
  }
};

}  // namespace

Tensor mode_shares(const Evidence& evidence) {
  require_finite(evidence.draws, "draws");
  const targets::Modes& modes = *evidence.problem.reference.modes;
  const Tensor mode = modes.assign(evidence.draws);
  const int64_t outside = (mode < 0).sum().item<int64_t>();
  if (outside > 0)
    throw CannotJudge(
        fmt::format("{} of {} draws lie so far out that they are in no mode", outside, mode.size(0)));
  const Tensor counts = torch::bincount(mode, {}, modes.weights.size(0));
  return counts.to(torch::kDouble) / static_cast<double>(mode.size(0));
}

bool equal_weights(const Tensor& weights) {
  return (weights - 1.0 / static_cast<double>(weights.size(0))).abs().max().item<double>() < 1e-9;
}

void add_mode_weight_error(MetricRegistry& registry) {
  registry.add({.name = "mode_weight_error",
                .summary = "total variation between found and true weights of the modes",
                .citation = "a choice of this suite",
                .facts = {"Mode weight error"},
                .make = [](const MetricInput&) { return std::make_unique<ModeWeightError>(); }});
}

}  // namespace samplerbench::metrics
