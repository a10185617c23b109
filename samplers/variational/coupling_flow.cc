#include "samplers/variational/coupling_flow.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

// Largest share of draws at which the target may overflow before a step is given up.
constexpr double kMostUnusable = 0.1;

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
    : FlowSampler(input, "coupling-flow"),
      target_(input.target),
      loss_(input.options),
      tempering_(input.options) {}

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
  if (loss_.path) slope.add_(flow().score(tape_));
  slope = torch::where(usable.unsqueeze(1), slope, torch::zeros_like(slope)).div_(usable.size(0));
  const Tensor log_det_slope = usable.to(slope.scalar_type()).mul_(loss_.path ? 0.0 : -1.0 / usable.size(0));
  flow().backward(slope, log_det_slope, tape_, gradient());
  return descend();
}

Json CouplingFlow::step(Rng& rng) {
  schedule().require_length();
  torch::NoGradGuard no_grad;
  const int64_t n = training().batch;
  flow().forward(flow().latents(n, rng), tape_);
  const auto [value, score] = target_.value_and_score(tape_.x);
  const Tensor usable = torch::logical_and(value.isfinite(), score.isfinite().all(1));
  const Tensor gap = standard_normal_log_density(tape_.z) - tape_.log_det - value;
  const Tensor sum = torch::where(usable, gap, torch::zeros_like(gap)).sum();
  Json diagnostics{{"rate", schedule().rate()}, {"inverse_temperature", inverse_temperature()}};
  const Tensor norm = update(score, usable);
  const Tensor read =
      torch::stack({sum, usable.sum().to(sum.scalar_type()), norm}).to(torch::kDouble).to(torch::kCPU);
  const double kept = read[1].item<double>(), length = read[2].item<double>();
  const double loss = read[0].item<double>() / kept;
  if (kept < (1 - kMostUnusable) * static_cast<double>(n) || !std::isfinite(loss) || !std::isfinite(length))
    throw Diverged(fmt::format("step {}: the target is finite at {} of {} draws, loss {}, its gradient {}",
                               schedule().steps(), kept, n, loss, length));
  average();
  diagnostics.update({{"loss", loss}, {"gradient", length}, {"left_out", static_cast<double>(n) - kept}});
  return diagnostics;
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
       .options = joined({FlowSampler::options(), loss_options()}),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<CouplingFlow>(input);
       }});
}

}  // namespace samplerbench::samplers
