#include "samplers/learners/ebflow.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nets/schedule.h"
#include "samplers/exact_samples.h"
#include "targets/flow/flow_layers.h"
#include "targets/flow/flow_model.h"

namespace samplerbench::samplers {
namespace {

// The draws that all steps are given; undefined where they are fresh.
Tensor kept_draws_of(const SamplerInput& input, const std::function<Tensor(int64_t, Rng&)>& draws) {
  const int64_t count = input.options.integer("training_draws");
  if (count == 0) return {};
  Rng rng = input.init.split("training draws");
  return draws(count, rng).to(input.placement);
}

// Throws InputError for points of which no grey levels can be made.
void require_grey_levels(const Tensor& x) {
  if (x.min().item<double>() >= 0 && x.max().item<double>() <= 1) return;
  throw InputError(
      "option 'alpha': logits are those of grey levels in [0, 1], and this target has draws outside; 0 takes "
      "its points as they are");
}

targets::FlowShape ebflow_shape(const SamplerInput& input) {
  const Options& options = input.options;
  if (input.target.dim() < 2 && options.text("network") == "coupling")
    throw InputError(
        "option 'network' = coupling: needs a target of at least two coordinates; dense takes one");
  return {.kind = options.text("network"),
          .dim = input.target.dim(),
          .layers = options.integer("layers"),
          .blocks = options.integer("blocks"),
          .width = options.integer("width"),
          .depth = options.integer("depth"),
          .pixel_alpha = options.real("alpha")};
}

// The same table, in which the options `names` have an effect only where `other` is `value`.
OptionTable only_where(const std::string& other, const Json& value, const std::vector<std::string>& names,
                       OptionTable table) {
  for (Option& option : table)
    if (std::find(names.begin(), names.end(), option.name) != names.end())
      option.condition = OptionCondition{.option = other, .values = {value}};
  return table;
}

// Those of all methods that are trained by Adam on half a cosine, which are the defaults, and RMSProp with
// rates that fall by passes, as the released code of Chao et al. trains flows of images.
OptionTable ebflow_training_options() {
  const Json defaults{{"beta1", 0.9}, {"beta2", 0.999}, {"clip", 1.0}, {"averaging", 0.999}};
  const OptionTable usual =
      only_where("optimiser", "adam", {"beta1", "beta2"},
                 only_where("decay", "cosine", {"final_rate", "decay_steps"},
                            with_defaults(Training::options(), defaults)));
  const OptionTable others{
      Option::choice("optimiser", "adam", targets::flow_optimisers(), "what updates the weights")
          .added_later(),
      Option::choice("decay", "cosine", {"cosine", "passes"},
                     "learning rates fall on half a cosine, or by gamma after each pass over the data")
          .added_later(),
      Option::real("gamma", 0.95, "the learning rate is multiplied by it after each pass")
          .above(0)
          .at_most(1)
          .only_if("decay", "passes")
          .added_later(),
      Option::integer("pass", 500, "steps of a pass").at_least(1).only_if("decay", "passes").added_later(),
      Option::integer("milestone", 50, "the pass after which the learning rate falls no more")
          .at_least(1)
          .only_if("decay", "passes")
          .added_later()};
  return joined({usual, grouped("training", others)});
}

OptionTable grey_level_options() {
  return {Option::real("alpha", 0,
                       "above 0: points are grey levels in [0, 1], and the flow takes their logits over it")
              .at_least(0)
              .added_later(),
          Option::flag("map", true, "match after preprocessing: the objective does not see the logit")
              .unless("alpha", 0.0)
              .added_later()};
}

OptionTable ebflow_options() {
  const OptionTable flow{
      Option::choice("network", "coupling", targets::flow_kinds(),
                     "linear layers with a smooth leaky ReLU between them, or with affine couplings"),
      Option::integer("layers", 2, "linear layers").at_least(1).at_most(20).only_if("network", "dense")};
  const OptionTable coupling =
      only_where("network", "coupling", {"blocks", "width", "depth"}, targets::coupling_options());
  const OptionTable draws{
      Option::integer("training_draws", 0, "exact draws in all; 0 for fresh ones at every step")
          .at_least(2)
          .or_just(0)};
  return joined(
      {ebflow_training_options(), grouped("flow", joined({flow, coupling, grey_level_options()})),
       grouped("objective", joined({targets::FlowObjectiveSettings::options("ml", 0.1, 0.1), draws}))});
}

}  // namespace

EbFlow::EbFlow(const SamplerInput& input)
    : training_(input.options),
      schedule_(input),
      objective_(input.options),
      placement_(input.placement),
      draws_(draws_to_learn_from(input, "ebflow")),
      kept_draws_(kept_draws_of(input, draws_)),
      flow_(ebflow_shape(input), input.options.flag("map")),
      unit_(flow_.whole()->shape().pixel_alpha > 0 ? targets::kGreyLevels : 1),
      learner_(first_learner(input)) {
  if (input.options.text("decay") == "passes")
    falls_ = Falls{.gamma = input.options.real("gamma"),
                   .pass = input.options.integer("pass"),
                   .milestone = input.options.integer("milestone")};
}

targets::FlowLearner EbFlow::first_learner(const SamplerInput& input) const {
  Rng rng = input.init.split("flow");
  const targets::FlowNetwork& network = *flow_.whole();
  const Tensor weights = network.initial_weights(rng, placement_);
  return {network, weights,
          targets::flow_optimiser(input.options.text("optimiser"), weights, training_.adam()),
          input.options.real("averaging")};
}

double EbFlow::rate() const {
  if (!falls_) return schedule_.rate();
  return staircase(falls_->gamma, schedule_.steps() / falls_->pass, falls_->milestone);
}

Tensor EbFlow::batch(Rng& rng) const {
  if (!kept_draws_.defined()) return draws_(training_.batch, rng).to(placement_);
  const int64_t count = kept_draws_.size(0);
  if (count <= training_.batch) return kept_draws_;
  return kept_draws_.index_select(0, rng.integers(count, {training_.batch}, placement_));
}

Json EbFlow::step(Rng& rng) {
  if (!falls_) schedule_.require_length();
  Tensor x = batch(rng);
  if (unit_ != 1) {
    if (schedule_.steps() == 0) require_grey_levels(x);
    x = x * unit_;
  }
  const double now = rate();
  Json diagnostics = learner_.step(
      [&](const Weights& weights) { return flow_.loss(objective_, weights, x, rng); }, now);
  schedule_.advance();
  inverse_.reset();
  diagnostics["rate"] = now;
  return diagnostics;
}

Tensor EbFlow::draw(int64_t n, Rng& rng) {
  const targets::FlowNetwork& network = *flow_.whole();
  if (!inverse_) inverse_ = network.inverse(network.unflatten(learner_.averaged()));
  return inverse_->draw(n, rng) / unit_;
}

Weights EbFlow::averaged_weights() const {
  const Tensor copy = learner_.averaged().to(torch::kDouble, /*non_blocking=*/false, /*copy=*/true);
  return flow_.whole()->unflatten(copy);
}

LogDensity EbFlow::log_density() const {
  const double change = static_cast<double>(flow_.whole()->dim()) * std::log(unit_);
  return [network = flow_.whole(), weights = averaged_weights(), unit = unit_, change](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return network->log_density(x.to(torch::kDouble) * unit, weights) + change;
  };
}

LawScore EbFlow::law_score() const {
  return [network = flow_.whole(), weights = averaged_weights(), unit = unit_](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return network->score(x.to(torch::kDouble) * unit, weights) * unit;
  };
}

void EbFlow::save(Archive& archive) const {
  targets::put_flow_model(archive, flow_.whole()->shape(), learner_.averaged());
  archive.put("trained", learner_.weights());
}

void EbFlow::load(const Archive& archive) {
  const targets::FlowModel saved = targets::get_flow_model(archive, "the saved sampler");
  if (!(saved.network->shape() == flow_.whole()->shape()))
    throw InputError("the saved flow is not of the sampler's options and target");
  archive.restore("weights", learner_.averaged());
  archive.restore("trained", learner_.weights());
  inverse_.reset();
}

void add_ebflow(SamplerRegistry& registry) {
  registry.add({.name = "ebflow",
                .summary = "energy-based flow trained by likelihood or score matching on exact draws",
                .citation = "Chao et al. 2023, arXiv 2305.15267",
                .facts = {"EBFlow", DrawsAre::trained, Information::draws},
                .options = ebflow_options(),
                .make = [](const SamplerInput& input) { return std::make_unique<EbFlow>(input); }});
}

}  // namespace samplerbench::samplers
