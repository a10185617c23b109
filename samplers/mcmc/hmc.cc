#include "samplers/mcmc/hmc.h"

namespace samplerbench::samplers {

Phase leapfrog(const targets::Target& target, const Phase& start, const Tensor& step, int64_t count) {
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

// The difference of the squares as a product: their large common part cancels before rounding.
Tensor kinetic_energy_change(const Tensor& start, const Tensor& end) {
  return (end - start).mul_(end + start).sum(1).mul_(0.5);
}

Hmc::Hmc(const targets::Target& target, const Tensor& start, const HmcSettings& settings)
    : Metropolis(target, start, settings.metropolis),
      leapfrog_(settings.leapfrog),
      jitter_(settings.jitter),
      scale_(torch::ones({state_.size(1)}, state_.options())),
      momentum_(torch::empty_like(state_)),
      length_(torch::empty({state_.size(0), 1}, state_.options())),
      window_(state_) {}

Proposal Hmc::propose(Rng& rng) {
  rng.fill_normal(momentum_);
  rng.fill_uniform(length_);
  length_.mul_(2 * jitter_ * step_size()).add_((1 - jitter_) * step_size());
  Phase end = leapfrog(target_, {state_, momentum_, value_, score_}, length_ * scale_, leapfrog_);
  Tensor ratio = log_ratio(momentum_, end);
  return {std::move(end.position), std::move(end.value), std::move(end.score), std::move(ratio)};
}

Tensor Hmc::log_ratio(const Tensor& momentum, const Phase& end) const {
  return (end.value - value_).sub_(kinetic_energy_change(momentum, end.momentum));
}

void Hmc::adapt(double acceptance) {
  const int64_t quarter = warmup() / 4;
  const int64_t done = transitions();
  if (quarter > 0 && done > quarter && done <= 3 * quarter) {
    window_.add(state_);
    if (done % quarter == 0) {
      scale_ = window_.take().to(scale_.scalar_type());
      restart_search();
    }
  }
  Metropolis::adapt(acceptance);
}

void add_hmc(SamplerRegistry& registry) {
  registry.add(
      {.name = "hmc",
       .summary =
           "Hamiltonian Monte Carlo chains with jittered trajectories, adapted step size and diagonal mass",
       .citation = "Neal (2011), arXiv 1206.1901; step size by Hoffman and Gelman (2014), JMLR 15",
       .facts = DrawsAre::chains,
       .options = {chains_option(), history_option(),
                   Option::real("step_size", 0.1, "leapfrog step size; where adaptation begins").above(0),
                   Option::integer("leapfrog", 10, "leapfrog steps a transition").at_least(1),
                   Option::real("jitter", 0.5, "trajectory lengths vary by up to this share either way")
                       .at_least(0)
                       .at_most(1),
                   Option::real("target_accept", 0.8, "mean acceptance that adaptation aims at")
                       .above(0)
                       .at_most(0.999)
                       .unless("warmup", 0),
                   Option::integer("warmup", 300,
                                   "transitions that adapt step size and mass; 0 keeps them fixed")
                       .at_least(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         return std::make_unique<Hmc>(
             input.target, input.start(options.integer("chains")),
             HmcSettings{.metropolis = {.step_size = options.real("step_size"),
                                        .target_accept = options.real("target_accept"),
                                        .warmup = options.integer("warmup"),
                                        .history = options.integer("history")},
                         .leapfrog = options.integer("leapfrog"),
                         .jitter = options.real("jitter")});
       }});
}

}  // namespace samplerbench::samplers
