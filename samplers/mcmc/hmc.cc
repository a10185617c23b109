#include "samplers/mcmc/hmc.h"

#include <algorithm>

namespace samplerbench::samplers {

Hmc::Hmc(const targets::Target& target, const Tensor& start, const HmcSettings& settings)
    : Metropolis(target, start, settings.metropolis),
      leapfrog_(settings.leapfrog),
      jitter_(settings.jitter),
      scaling_(settings.scaling),
      scale_(torch::ones({dim()}, state_.options())),
      momentum_(torch::empty_like(state_)),
      end_momentum_(torch::empty_like(state_)),
      length_(torch::empty({count()}, state_.options())),
      window_(state_) {}

int64_t Hmc::plan_steps(Rng& rng, Tensor& sizes) {
  with_numbers_of(sizes, [&](auto zero) {
    draw_lengths(count(), step_size(), jitter_, rng, sizes.data_ptr<decltype(zero)>());
  });
  return leapfrog_;
}

void Hmc::propose(Rng& rng, Proposal& proposal) {
  with_numbers_of(state_, [&](auto zero) { travel<decltype(zero)>(rng, proposal); });
}

template <class T>
void Hmc::travel(Rng& rng, Proposal& proposal) {
  const int64_t n = count(), d = dim(), all = n * d;
  T* start = momentum_.data_ptr<T>();
  const Phase<T> phase{.position = proposal.state.data_ptr<T>(),
                       .momentum = end_momentum_.data_ptr<T>(),
                       .value = proposal.value.data_ptr<T>(),
                       .score = proposal.score.data_ptr<T>()};
  rng.fill_normal(start, all);
  const int64_t steps = plan_steps(rng, length_);
  std::copy_n(state_.data_ptr<T>(), all, phase.position);
  std::copy_n(score_.data_ptr<T>(), all, phase.score);
  std::copy_n(start, all, phase.momentum);
  leapfrog(plain_target_, n, d, length_.data_ptr<T>(), scale_.data_ptr<T>(), steps, phase);
  const T* value = value_.data_ptr<T>();
  for (int64_t c = 0; c < n; ++c) {
    const double kinetic = kinetic_energy_change(d, start + c * d, phase.momentum + c * d);
    proposal.log_ratio[static_cast<size_t>(c)] =
        log_ratio(static_cast<double>(phase.value[c]) - static_cast<double>(value[c]), kinetic);
  }
}

void Hmc::adapt(double acceptance) {
  const int64_t quarter = warmup() / 4;
  const int64_t done = transitions();
  if (scaling_ && quarter > 0 && done > quarter && done <= 3 * quarter) {
    window_.add(state_);
    if (done % quarter == 0) {
      scale_ = window_.take();
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
       .facts = {"HMC", DrawsAre::chains},
       .options = {chains_option(), history_option(),
                   Option::real("step_size", 0.1, "leapfrog step size; where adaptation begins").above(0),
                   leapfrog_option(10), jitter_option(0.5),
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
