#include "samplers/diffusion/cmcd.h"

#include <cmath>

#include "samplers/diffusion/path_sampler.h"

namespace samplerbench::samplers {

PathProcess cmcd_process(int64_t steps, double start_sd, double diffusion, NoiseFall fall) {
  PathProcess process{.start_sd = start_sd};
  const std::vector<double> sizes = noise_sizes(fall, steps);
  const double h = 1 / static_cast<double>(steps), square = start_sd * start_sd;
  for (int64_t k = 0; k <= steps; ++k) {
    const double t = static_cast<double>(k) * h;
    process.guides.push_back({.score = start_sd * t, .state = -(1 - t) / start_sd});
    if (k == steps) break;
    const double b = t + h / 2, size = diffusion * sizes[static_cast<size_t>(k)];
    const double length = size * size * square * h;  // v^2 h
    PathKernel kernel{.keep = 1 - length * (1 - b) / square,
                      .control = length / start_sd,
                      .score = length * b,
                      .sd = std::sqrt(2 * length)};
    PathStep step{.forward = kernel, .backward = kernel};
    step.backward.control = -kernel.control;
    process.steps.push_back(step);
  }
  return process;
}

void add_cmcd(SamplerRegistry& registry) {
  registry.add({.name = "cmcd",
                .summary = "controlled Monte Carlo diffusions: annealed Langevin paths with a trained drift",
                .citation = "Vargas, Padhy, Blessing and Nuesken (2024), ICLR, arXiv 2307.01050",
                .facts = {"CMCD", DrawsAre::guided},
                .options = with_defaults(
                    path_options({Option::real("diffusion", 0.5,
                                               "size of the first step's noise a unit of time, in units of "
                                               "the start's standard deviation")
                                      .above(0),
                                  noise_fall_option("cosine")}),
                    {{"loss", "log_variance"}, {"guide", 0.0}}),
                .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
                  return std::make_unique<PathSampler>(
                      input, cmcd_process(input.options.integer("steps"), input.start_scale,
                                          input.options.real("diffusion"), noise_fall(input.options)));
                }});
}

}  // namespace samplerbench::samplers
