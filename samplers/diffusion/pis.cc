#include "samplers/diffusion/pis.h"

#include <cmath>

#include "samplers/diffusion/path_sampler.h"

namespace samplerbench::samplers {

PathProcess pis_process(int64_t steps, double end_sd, NoiseFall fall) {
  const std::vector<double> sizes = noise_sizes(fall, steps);
  const double h = 1 / static_cast<double>(steps);
  double squares = 0;
  for (const double size : sizes) squares += size * size;
  PathProcess process;
  double variance = 0, time = 0;  // of uncontrolled paths at the node
  for (const double size : sizes) {
    const double added = end_sd * end_sd * size * size / squares;
    const double kept = variance / (variance + added), sd = std::sqrt(added);
    process.guides.push_back({.score = end_sd * time});
    process.steps.push_back({.forward = {.control = sd * std::sqrt(h), .sd = sd},
                             .backward = {.keep = kept, .sd = sd * std::sqrt(kept)}});
    variance += added;
    time += h;
  }
  process.guides.push_back({});
  return process;
}

void add_pis(SamplerRegistry& registry) {
  registry.add({.name = "pis",
                .summary = "path integral sampler: Brownian paths from the origin with a trained drift",
                .citation = "Zhang and Chen (2022), ICLR, arXiv 2111.15141",
                .facts = {"PIS", DrawsAre::guided},
                .options = with_defaults(path_options({noise_fall_option("constant")}), {{"guide", 0.01}}),
                .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
                  return std::make_unique<PathSampler>(
                      input, pis_process(input.options.integer("steps"), input.start_scale,
                                         noise_fall(input.options)));
                }});
}

}  // namespace samplerbench::samplers
