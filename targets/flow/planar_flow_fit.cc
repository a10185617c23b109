#include <algorithm>
#include <cmath>

#include "core/nets/schedule.h"
#include "targets/flow/flow_fit.h"
#include "targets/planar/entries.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kJudgedDraws = 10000;  // that the fit is not trained on

TargetRegistry planar_laws() {
  TargetRegistry laws("law");
  add_checkerboard(laws);
  add_sine(laws);
  add_swirl(laws);
  return laws;
}

Problem planar_law_of(const std::string& name) {
  const TargetRegistry laws = planar_laws();
  const auto& entry = laws.at(name);
  const Options options(entry.options, Json::object(), name);
  return entry.make({.options = options});
}

FlowShape planar_flow_shape(const Options& options) {
  return {.kind = "coupling",
          .dim = 2,
          .blocks = options.integer("blocks"),
          .width = options.integer("width"),
          .depth = options.integer("depth")};
}

class PlanarFlowFit : public FlowFit {
 public:
  explicit PlanarFlowFit(const ModelFitInput& input)
      : FlowFit(input, planar_flow_shape(input.options), /*map=*/false, "adam",
                {.learning_rate = input.options.real("learning_rate"), .clip = input.options.real("clip")}),
        name_(input.options.text("data")),
        law_(planar_law_of(name_)),
        batch_(input.options.integer("batch")),
        planned_steps_(std::max<int64_t>(input.planned_steps, 1)) {}

  Json step(Rng& rng) override {
    const Tensor x = law_.reference.exact_draws(batch_, rng).to(placement());
    const double rate = half_cosine(static_cast<double>(std::min(steps(), planned_steps_)) /
                                    static_cast<double>(planned_steps_));
    Json diagnostics = update(x, /*scale=*/1, rate, rng);
    diagnostics["rate"] = rate;
    return diagnostics;
  }

  // Of the same kJudgedDraws exact draws at each call: -log p of the flow, and its difference from that of
  // the law, an estimate of the Kullback-Leibler divergence of the flow from the law with its standard error.
  Json evaluate() const override {
    torch::NoGradGuard no_grad;
    Rng rng = Rng(0).split("planar-flow test");
    const Tensor x = law_.reference.exact_draws(kJudgedDraws, rng);
    const Weights weights = whole().unflatten(learner().averaged().to(torch::kCPU, torch::kDouble));
    const Tensor own = whole().log_density(x, weights);
    const Tensor excess = law_.target->log_density(x) - law_.reference.log_z.value() - own;
    return {{"nll", -own.mean().item<double>()},
            {"forward_kl", excess.mean().item<double>()},
            {"forward_kl_error", excess.std().item<double>() / std::sqrt(static_cast<double>(kJudgedDraws))},
            {"skipped_steps", learner().skipped_steps()}};
  }

  Json facts() const override {
    return {{"parameters", whole().parameters()}, {"data", name_}, {"test_draws", kJudgedDraws}};
  }

 private:
  std::string name_;
  Problem law_;
  int64_t batch_;
  int64_t planned_steps_;
};

OptionTable planar_flow_options() {
  return samplerbench::joined(
      {{Option::choice("data", "sine", planar_laws().names(), "the law whose draws it learns from")},
       coupling_options(),
       FlowObjectiveSettings::options("ml", 0.1, 0.1),
       {Option::integer("batch", 512, "fresh draws a step").at_least(2),
        Option::real("learning_rate", 1e-3, "of Adam at the first step; falls to 0 as a cosine").above(0),
        Option::real("clip", 1.0, "longest norm of the gradient; 0 for none").at_least(0),
        Option::real("averaging", 0.999, "how much the average of the weights keeps at an update")
            .at_least(0)
            .at_most(0.999999)}});
}

}  // namespace

void add_planar_flow(ModelFitRegistry& registry) {
  registry.add(
      {.name = "planar-flow",
       .summary = "energy-based flow of couplings of a law in the plane, by likelihood or score matching",
       .citation =
           "Chao et al. 2023, arXiv 2305.15267; Adam, its rates and the sizes are a choice of this suite",
       .options = planar_flow_options(),
       .make = [](const ModelFitInput& input) { return std::make_unique<PlanarFlowFit>(input); }});
}

}  // namespace samplerbench::targets
