#include "samplers/learners/ebflow.h"

#include "core/error.h"
#include "samplers/exact_samples.h"
#include "targets/flow/flow_model.h"

namespace samplerbench::samplers {
namespace {

// The draws that all steps are given; undefined where they are fresh.
Tensor kept_draws_of(const SamplerInput& input, const std::function<Tensor(int64_t, Rng&)>& exact_draws) {
  const int64_t count = input.options.integer("training_draws");
  if (count == 0) return {};
  Rng rng = input.init.split("training draws");
  return exact_draws(count, rng).to(input.placement);
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
          .depth = options.integer("depth")};
}

OptionTable ebflow_options() {
  const Json training{{"beta1", 0.9}, {"beta2", 0.999}, {"clip", 1.0}, {"averaging", 0.999}};
  const OptionTable flow{
      Option::choice("network", "coupling", targets::flow_kinds(),
                     "linear layers with a smooth leaky ReLU between them, or with affine couplings"),
      Option::integer("layers", 2, "linear layers").at_least(1).at_most(20).only_if("network", "dense"),
      Option::integer("blocks", 8, "blocks of a linear layer, a coupling and an actnorm")
          .at_least(1)
          .at_most(100)
          .only_if("network", "coupling"),
      Option::integer("width", 64, "hidden units a layer of the two nets of a coupling")
          .at_least(1)
          .only_if("network", "coupling"),
      Option::integer("depth", 2, "hidden layers of the two nets of a coupling")
          .at_least(1)
          .at_most(32)
          .only_if("network", "coupling")};
  const OptionTable draws{
      Option::integer("training_draws", 0, "exact draws in all; 0 for fresh ones at every step")
          .at_least(2)
          .or_just(0)};
  return joined(
      {with_defaults(Training::options(), training), grouped("flow", flow),
       grouped("objective", joined({targets::FlowObjectiveSettings::options("ml", 0.1, 0.1), draws}))});
}

}  // namespace

EbFlow::EbFlow(const SamplerInput& input)
    : training_(input.options),
      schedule_(input),
      objective_(input.options),
      placement_(input.placement),
      exact_draws_(exact_samples(input, "ebflow").exact_draws),
      kept_draws_(kept_draws_of(input, exact_draws_)),
      network_(std::make_shared<const targets::FlowNetwork>(ebflow_shape(input))),
      learner_(first_learner(input)) {}

targets::FlowLearner EbFlow::first_learner(const SamplerInput& input) const {
  Rng rng = input.init.split("flow");
  const Tensor weights = network_->initial_weights(rng, placement_);
  return {*network_, weights, Adam(weights, training_.adam()), input.options.real("averaging")};
}

Tensor EbFlow::batch(Rng& rng) const {
  if (!kept_draws_.defined()) return exact_draws_(training_.batch, rng).to(placement_);
  const int64_t count = kept_draws_.size(0);
  if (count <= training_.batch) return kept_draws_;
  return kept_draws_.index_select(0, rng.integers(count, {training_.batch}, placement_));
}

Json EbFlow::step(Rng& rng) {
  schedule_.require_length();
  const Tensor x = batch(rng);
  const double rate = schedule_.rate();
  Json diagnostics = learner_.step(
      [&](const Weights& weights) { return targets::flow_loss(objective_, *network_, weights, x, rng); },
      rate);
  schedule_.advance();
  inverse_.reset();
  diagnostics["rate"] = rate;
  return diagnostics;
}

Tensor EbFlow::draw(int64_t n, Rng& rng) {
  if (!inverse_) inverse_ = network_->inverse(network_->unflatten(learner_.averaged()));
  return inverse_->draw(n, rng);
}

Weights EbFlow::averaged_weights() const {
  return network_->unflatten(learner_.averaged().to(torch::kDouble, /*non_blocking=*/false, /*copy=*/true));
}

LogDensity EbFlow::log_density() const {
  return [network = network_, weights = averaged_weights()](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return network->log_density(x.to(torch::kDouble), weights);
  };
}

LawScore EbFlow::law_score() const {
  return [network = network_, weights = averaged_weights()](const Tensor& x) {
    torch::NoGradGuard no_grad;
    return network->score(x.to(torch::kDouble), weights);
  };
}

void EbFlow::save(Archive& archive) const {
  targets::put_flow_model(archive, network_->shape(), learner_.averaged());
  archive.put("trained", learner_.weights());
}

void EbFlow::load(const Archive& archive) {
  const targets::FlowModel saved = targets::get_flow_model(archive, "the saved sampler");
  if (!(saved.network->shape() == network_->shape()))
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
