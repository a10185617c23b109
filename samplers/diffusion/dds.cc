#include "samplers/diffusion/dds.h"

#include <cmath>
#include <numbers>

#include "samplers/diffusion/path_sampler.h"

namespace samplerbench::samplers {
namespace {

constexpr double kCosineOffset = 0.008;  // keeps the last rates above 0

// Adds up to `total`: [K].
std::vector<double> noise_rates(int64_t steps, double total) {
  std::vector<double> rates;
  double sum = 0;
  for (int64_t k = 0; k < steps; ++k) {
    const double t = static_cast<double>(k) / static_cast<double>(steps);
    const double phase = std::numbers::pi / 2 * (t + kCosineOffset) / (1 + kCosineOffset);
    rates.push_back(std::pow(std::cos(phase), 4));
    sum += rates.back();
  }
  for (double& rate : rates) rate *= total / sum;
  return rates;
}

}  // namespace

PathProcess dds_process(int64_t steps, double start_sd, double total_noise) {
  PathProcess process{.start_sd = start_sd};
  for (const double rate : noise_rates(steps, total_noise)) {
    const double keep = std::exp(-rate / 2), square = -std::expm1(-rate);
    const double sd = std::sqrt(square) * start_sd;
    process.guides.push_back({.score = start_sd});
    process.steps.push_back({.forward = {.keep = keep, .control = square * start_sd, .sd = sd},
                             .backward = {.keep = keep, .sd = sd}});
  }
  process.guides.push_back({});
  return process;
}

void add_dds(SamplerRegistry& registry) {
  registry.add(
      {.name = "dds",
       .summary =
           "denoising diffusion sampler: an Ornstein-Uhlenbeck process turned round by a trained drift",
       .citation = "Vargas, Grathwohl and Doucet (2023), ICLR, arXiv 2302.13834",
       .facts = {"DDS", DrawsAre::guided},
       .options = with_defaults(path_options({Option::real("total_noise", 6.0,
                                                           "sum of the rates of all steps: the start keeps "
                                                           "exp(-total_noise) of the target's variance")
                                                  .above(0)
                                                  .at_most(100)}),
                                {{"guide", 0.01}}),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<PathSampler>(input,
                                              dds_process(input.options.integer("steps"), input.start_scale,
                                                          input.options.real("total_noise")));
       }});
}

}  // namespace samplerbench::samplers
