#include "samplers/mcmc/annealed_langevin.h"

#include <cmath>

namespace samplerbench::samplers {

void AnnealedLangevin::anneal(Tensor& x, Rng& rng) {
  Tensor noise = buffer(x.size(0));
  for (const Rung& rung : rungs()) {
    const double length = step_size_ * rung.sigma * rung.sigma;
    x.add_(noised(rung, rng)->score(x), length / 2);
    if (rung.temperature == 0) continue;
    rng.fill_normal(noise);
    x.add_(noise, std::sqrt(rung.temperature * length));
  }
}

void add_annealed_langevin(SamplerRegistry& registry) {
  OptionTable options = annealed_options(200);
  options.push_back(
      Option::real("step_size", AnnealedLangevinSettings().step_size,
                   "of h = step_size sigma^2 in x' = x + (h / 2) score(x, sigma) + sqrt(h) noise")
          .above(0));
  options.push_back(Option::real("end_temperature", 1.0,
                                 "that the noise falls to while chains stay at sigma_min, on a straight line "
                                 "from 1: 0 ends in a descent")
                        .at_least(0)
                        .at_most(1)
                        .unless("end_share", 0));
  registry.add(
      {.name = "annealed-langevin",
       .summary = "a fresh Langevin chain for every draw, down a ladder of noise levels",
       .citation = "Song and Ermon 2019, arXiv 1907.05600; Li, Chen and Sommer 2019, arXiv 1910.07762",
       .facts = {"Annealed Langevin", DrawsAre::fresh},
       .options = std::move(options),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         AnnealedLangevinSettings settings{.annealed = annealed_settings(input.options),
                                           .step_size = input.options.real("step_size")};
         settings.annealed.ladder.end_temperature = input.options.real("end_temperature");
         return std::make_unique<AnnealedLangevin>(input.target, input.placement, settings);
       },
       .check = check_annealed});
}

}  // namespace samplerbench::samplers
