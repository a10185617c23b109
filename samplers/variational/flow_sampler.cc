#include "samplers/variational/flow_sampler.h"

#include <fmt/format.h>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

AffineFlow make_flow(const SamplerInput& input, const std::string& name) {
  if (input.target.dim() < 2)
    throw InputError(fmt::format("sampler '{}' needs a target of at least two coordinates", name));
  const Options& options = input.options;
  Rng rng = input.init.split("flow");
  return AffineFlow({.dim = input.target.dim(),
                     .layers = options.integer("layers"),
                     .width = options.integer("width"),
                     .depth = options.integer("depth"),
                     .bound = options.real("bound"),
                     .scale = options.real("initial_scale")},
                    rng, input.placement);
}

OptionTable flow_options() {
  return grouped(
      "flow",
      {Option::integer("layers", 8, "affine couplings").at_least(1),
       Option::integer("width", 64, "hidden units a layer of each coupling's net").at_least(1),
       Option::integer("depth", 2, "hidden layers of each coupling's net").at_least(1),
       Option::real("bound", 2.0, "of the part of a coupling's log scale that depends on the other half")
           .above(0),
       Option::real("initial_scale", 2.0, "standard deviation of the untrained flow's draws").above(0)});
}

}  // namespace

OptionTable FlowSampler::options() {
  return joined(
      {with_defaults(Training::options(), {{"learning_rate", 3e-3}, {"beta1", 0.9}}), flow_options()});
}

FlowSampler::FlowSampler(const SamplerInput& input, const std::string& name)
    : training_(input.options),
      schedule_(input),
      flow_(make_flow(input, name)),
      averaged_(flow_.with(flow_.parameters().clone())),
      adam_(flow_.parameters(), training_.adam()) {}

Tensor FlowSampler::descend() {
  const Tensor norm = adam_.update(flow_.parameters(), schedule_.rate());
  schedule_.advance();
  return norm;
}

Tensor FlowSampler::draw(int64_t n, Rng& rng) { return averaged_.forward(averaged_.latents(n, rng)); }

LogDensity FlowSampler::log_density() const {
  return [flow = averaged_.with(averaged_.parameters().to(torch::kDouble))](const Tensor& x) {
    return flow.log_density(x.detach().to(torch::kDouble));
  };
}

void FlowSampler::save(Archive& archive) const {
  archive.put("averaged", averaged_.parameters().clone());
  archive.put("flow", flow_.parameters().clone());
}

void FlowSampler::load(const Archive& archive) {
  archive.restore("averaged", averaged_.parameters());
  archive.restore("flow", flow_.parameters());
}

}  // namespace samplerbench::samplers
