#include "samplers/variational/coupling_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

// Largest share of draws at which the target may overflow before a step is given up.
constexpr double kMostUnusable = 0.1;

AffineFlow make_flow(const SamplerInput& input) {
  if (input.target.dim() < 2)
    throw InputError("sampler 'coupling-flow' needs a target of at least two coordinates");
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

OptionTable loss_options() {
  return grouped(
      "divergence",
      joined({{Option::choice("gradient", "path", {"path", "total"},
                              "through the draws alone, or also through the log determinant")},
              Tempering::options(0.25),
              {Option::real("score_cap", 1e4, "longer scores at a draw are shortened to this; 0 for no cap")
                   .at_least(0)}}));
}

}  // namespace

CouplingFlowLoss::CouplingFlowLoss(const Options& options)
    : path(options.text("gradient") == "path"), score_cap(options.real("score_cap")) {}

CouplingFlow::CouplingFlow(const SamplerInput& input)
    : target_(input.target),
      training_(input.options),
      loss_(input.options),
      tempering_(input.options),
      schedule_(input),
      flow_(make_flow(input)),
      averaged_(flow_.with(flow_.parameters().clone())),
      adam_(flow_.parameters(), training_.adam()) {}

// Rows longer than `score_cap` shortened to it: [N, D] -> [N, D].
Tensor CouplingFlow::capped(const Tensor& score) const {
  if (loss_.score_cap == 0) return score.clone();
  // By the largest coordinate first, since the square of a score may overflow.
  const Tensor largest = score.abs().amax(1, true).clamp_min_(1);
  const Tensor length = (score / largest).norm(2, 1, true).mul_(largest);
  return score * (loss_.score_cap / length).clamp_max_(1);
}

Tensor CouplingFlow::update(const Tensor& score, const Tensor& usable) {
  Tensor slope = capped(score).mul_(-inverse_temperature());
  if (loss_.path) slope.add_(flow_.score(tape_));
  slope = torch::where(usable.unsqueeze(1), slope, torch::zeros_like(slope)).div_(usable.size(0));
  const Tensor log_det_slope = usable.to(slope.scalar_type()).mul_(loss_.path ? 0.0 : -1.0 / usable.size(0));
  flow_.backward(slope, log_det_slope, tape_, adam_.gradient());
  return adam_.update(flow_.parameters(), schedule_.rate());
}

Json CouplingFlow::step(Rng& rng) {
  schedule_.require_length();
  torch::NoGradGuard no_grad;
  const int64_t n = training_.batch;
  flow_.forward(flow_.latents(n, rng), tape_);
  const auto [value, score] = target_.value_and_score(tape_.x);
  const Tensor usable = torch::logical_and(value.isfinite(), score.isfinite().all(1));
  const Tensor gap = standard_normal_log_density(tape_.z) - tape_.log_det - value;
  const Tensor sum = torch::where(usable, gap, torch::zeros_like(gap)).sum();
  Json diagnostics{{"rate", schedule_.rate()}, {"inverse_temperature", inverse_temperature()}};
  const Tensor norm = update(score, usable);
  schedule_.advance();
  const Tensor read =
      torch::stack({sum, usable.sum().to(sum.scalar_type()), norm}).to(torch::kDouble).to(torch::kCPU);
  const double kept = read[1].item<double>(), length = read[2].item<double>();
  const double loss = read[0].item<double>() / kept;
  if (kept < (1 - kMostUnusable) * static_cast<double>(n) || !std::isfinite(loss) || !std::isfinite(length))
    throw Diverged(fmt::format("step {}: the target is finite at {} of {} draws, loss {}, its gradient {}",
                               schedule_.steps(), kept, n, loss, length));
  schedule_.average(averaged_.parameters(), flow_.parameters());
  diagnostics.update({{"loss", loss}, {"gradient", length}, {"left_out", static_cast<double>(n) - kept}});
  return diagnostics;
}

Tensor CouplingFlow::draw(int64_t n, Rng& rng) { return averaged_.forward(averaged_.latents(n, rng)); }

LogDensity CouplingFlow::log_density() const {
  return [flow = averaged_.with(averaged_.parameters().to(torch::kDouble))](const Tensor& x) {
    return flow.log_density(x.detach().to(torch::kDouble));
  };
}

void CouplingFlow::save(Archive& archive) const {
  archive.put("averaged", averaged_.parameters().clone());
  archive.put("flow", flow_.parameters().clone());
}

void CouplingFlow::load(const Archive& archive) {
  archive.restore("averaged", averaged_.parameters());
  archive.restore("flow", flow_.parameters());
}

void add_coupling_flow(SamplerRegistry& registry) {
  registry.add(
      {.name = "coupling-flow",
       .summary =
           "RealNVP normalising flow trained on the reverse Kullback-Leibler divergence; knows its density",
       .citation =
           "Dinh, Sohl-Dickstein and Bengio (2017), arXiv 1605.08803; path gradients by Roeder, Wu and "
           "Duvenaud (2017), arXiv 1703.09194",
       .facts = {"Coupling flow", DrawsAre::trained},
       .options = joined({with_defaults(Training::options(), {{"learning_rate", 3e-3}, {"beta1", 0.9}}),
                          flow_options(), loss_options()}),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<CouplingFlow>(input);
       }});
}

}  // namespace samplerbench::samplers
