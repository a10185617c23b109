#include <cmath>

#include "metrics/entries.h"
#include "metrics/mode_weight_error.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// The least probable mode, the first of several.
class RareMode : public Metric {
 public:
  explicit RareMode(bool relative) : relative_(relative) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_modes(evidence)) return reason;
    const Tensor& weights = evidence.problem.reference.modes->weights;
    if (weights.size(0) < 2) return "needs at least two modes";
    if (equal_weights(weights)) return "needs a rare mode, and all modes of this target have the same weight";
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite(evidence.draws, "draws");
    const targets::Modes& modes = *evidence.problem.reference.modes;
    const Tensor rarest = modes.weights.argmin();
    const double mass = (modes.assign(evidence.draws) == rarest).to(torch::kDouble).mean().item<double>();
    if (!relative_) return mass;
    const double truth = modes.weights.min().item<double>();
    return std::abs(mass - truth) / truth;
  }

  Better better() const override { return relative_ ? Better::lower : Better::neither; }

  std::string convention() const override {
    return relative_
               ? "|share of draws in the least probable mode - its weight| / its weight; 1 where no draw is "
                 "there; the noise floor of n draws is about (n times the weight)^(-1/2)"
               : "share of draws in the least probable mode";
  }

 private:
  bool relative_;
};

}  // namespace

void add_rare_mode(MetricRegistry& registry) {
  const auto add = [&registry](bool relative) {
    registry.add({.name = relative ? "rare_mode_error" : "rare_mode_mass",
                  .summary = relative
                                 ? "relative error of the mass that the draws give the least probable mode"
                                 : "mass that the draws give the least probable mode",
                  .citation = "a choice of this suite",
                  .facts = {relative ? "Rare mode error" : "Rare mode mass"},
                  .make = [relative](const MetricInput&) { return std::make_unique<RareMode>(relative); }});
  };
  add(false);
  add(true);
}

}  // namespace samplerbench::metrics
