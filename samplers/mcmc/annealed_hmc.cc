#include "samplers/mcmc/annealed_hmc.h"

#include <limits>

namespace samplerbench::samplers {
namespace {

// Takes `count` (at least 1) leapfrog steps of length `step` [n, 1], one of each chain, from `start`, whose
// value it does not read. Evaluates `count` scores, the last one together with the value.
AnnealedPhase annealed_leapfrog(const targets::Target& target, const AnnealedPhase& start, const Tensor& step,
                                int64_t count) {
  Tensor position = start.position.clone();
  Tensor momentum = torch::addcmul(start.momentum, step, start.score, 0.5);
  for (int64_t i = 1; i < count; ++i) {
    position.addcmul_(step, momentum);
    momentum.addcmul_(step, target.score(position));
  }
  position.addcmul_(step, momentum);
  auto [value, score] = target.value_and_score(position);
  momentum.addcmul_(step, score, 0.5);
  return {std::move(position), std::move(momentum), std::move(value), std::move(score)};
}

// min(1, exp(log_ratio)) [n], in place; 0 where the ratio is not finite.
Tensor acceptance_probability(Tensor log_ratio) {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  return log_ratio.nan_to_num_(kNever, kNever, kNever).clamp_max_(0).exp_();
}

}  // namespace

AnnealedHmc::AnnealedHmc(const targets::Target& target, const torch::TensorOptions& placement,
                         const AnnealedHmcSettings& settings)
    : AnnealedSampler(target, placement, settings.annealed), settings_(settings) {
  require_all_data(target);
}

void AnnealedHmc::anneal(Tensor& x, Rng& rng) {
  AnnealedPhase now{.position = x, .momentum = buffer(x.size(0))};
  Tensor acceptance = torch::zeros({x.size(0)}, x.options());
  std::unique_ptr<targets::Target> target;
  for (const Rung& rung : rungs()) {
    if (rung.new_level) {
      target = noised(rung, rng);
      auto [value, score] = target->value_and_score(x);
      now.value = std::move(value);
      now.score = std::move(score);
    }
    acceptance.add_(transition(*target, now, settings_.step_size * rung.sigma, rng));
  }
  acceptance_ = acceptance.mean().item<double>() / static_cast<double>(rungs().size());
}

Tensor AnnealedHmc::transition(const targets::Target& target, AnnealedPhase& now, double step_size,
                               Rng& rng) {
  const Tensor length = rng.uniform({now.position.size(0), 1}, now.position.options())
                            .mul_(2 * settings_.jitter * step_size)
                            .add_((1 - settings_.jitter) * step_size);
  rng.fill_normal(now.momentum);
  const AnnealedPhase end = annealed_leapfrog(target, now, length, settings_.leapfrog);
  const Tensor probability = acceptance_probability(log_ratio(now, end));
  const Tensor accepted = rng.uniform({probability.size(0)}, probability.options()) < probability;
  const Tensor row = accepted.unsqueeze(1);
  now.position.copy_(torch::where(row, end.position, now.position));
  now.score = torch::where(row, end.score, now.score);
  now.value = torch::where(accepted, end.value, now.value);
  return probability;
}

Tensor AnnealedHmc::log_ratio(const AnnealedPhase& start, const AnnealedPhase& end) const {
  // The difference of the squares as a product: their large common part cancels before rounding.
  const Tensor kinetic = (end.momentum - start.momentum).mul_(end.momentum + start.momentum).sum(1);
  return (end.value - start.value).sub_(kinetic, 0.5);
}

void add_annealed_hmc(SamplerRegistry& registry) {
  const AnnealedHmcSettings fallback;
  OptionTable options = annealed_options(40);
  options.push_back(Option::real("step_size", fallback.step_size,
                                 "the leapfrog step size at noise level sigma is step_size sigma")
                        .above(0));
  options.push_back(leapfrog_option(fallback.leapfrog));
  options.push_back(jitter_option(fallback.jitter));
  registry.add({.name = "annealed-hmc",
                .summary = "a fresh Hamiltonian chain for every draw, down a ladder of noise levels",
                .citation = "Neal (2011), arXiv 1206.1901; the ladder: Song and Ermon 2019, arXiv 1907.05600",
                .facts = {"Annealed HMC", DrawsAre::fresh},
                .options = std::move(options),
                .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
                  return std::make_unique<AnnealedHmc>(
                      input.target, input.placement,
                      AnnealedHmcSettings{.annealed = annealed_settings(input.options),
                                          .step_size = input.options.real("step_size"),
                                          .leapfrog = input.options.integer("leapfrog"),
                                          .jitter = input.options.real("jitter")});
                },
                .check = check_annealed});
}

}  // namespace samplerbench::samplers
