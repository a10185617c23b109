#include "metrics/entries.h"

namespace samplerbench::metrics {
namespace {

class StepCost : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (evidence.usage.steps > 0) return std::nullopt;
    return "needs a step";
  }

  double value(const Evidence& evidence, Rng&) const override {
    return evidence.usage.cpu_s / static_cast<double>(evidence.usage.steps);
  }

  std::string convention() const override {
    return "process CPU seconds of all steps so far, fits of coordinates among them, over the number of "
           "steps";
  }

  bool has_floor() const override { return false; }
  bool counts_draws() const override { return false; }
};

}  // namespace

void add_step_cost(MetricRegistry& registry) {
  registry.add({.name = "cpu_s_per_step",
                .summary = "CPU seconds a step",
                .citation = "a choice of this suite",
                .facts = {.display = "CPU seconds a step", .unit = "s", .timed = true},
                .make = [](const MetricInput&) { return std::make_unique<StepCost>(); }});
}

}  // namespace samplerbench::metrics
