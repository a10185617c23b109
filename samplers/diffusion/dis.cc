#include "samplers/diffusion/dis.h"

#include <cmath>

#include "samplers/diffusion/path_sampler.h"

namespace samplerbench::samplers {

PathGuide dis_guide(double t, double rate, double start_sd) {
  const double v = std::sqrt(rate) * start_sd;
  return {.score = v * t, .state = -v * (1 - t) / (start_sd * start_sd)};
}

PathProcess dis_process(int64_t steps, double start_sd, double first_rate, double last_rate) {
  return dis_process(steps, start_sd, [=](double t) { return std::lerp(first_rate, last_rate, t); });
}

PathProcess dis_process(int64_t steps, double start_sd, const std::function<double(double)>& rate_at) {
  PathProcess process{.start_sd = start_sd};
  const double h = 1 / static_cast<double>(steps);
  for (int64_t k = 0; k < steps; ++k) {
    const double t = static_cast<double>(k) * h;
    const double rate = rate_at(t), v = std::sqrt(rate) * start_sd;
    const double sd = v * std::sqrt(h);
    process.guides.push_back(dis_guide(t, rate, start_sd));
    process.steps.push_back({.forward = {.keep = 1 + rate * h / 2, .control = v * h, .sd = sd},
                             .backward = {.keep = 1 - rate * h / 2, .sd = sd}});
  }
  process.guides.push_back({});
  return process;
}

void add_dis(SamplerRegistry& registry) {
  registry.add(
      {.name = "dis",
       .summary = "time-reversed diffusion sampler: a noising process turned round by a trained drift",
       .citation = "Berner, Richter and Ullrich (2024), TMLR, arXiv 2211.01364",
       .facts = {"DIS", DrawsAre::guided},
       .options =
           with_defaults(
               path_options(
                   {Option::real("first_rate", 10.0, "noise a unit of time where paths start").above(0),
                    Option::real("last_rate", 0.1, "the same where they end").above(0)}),
               {{"loss", "log_variance"}}),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<PathSampler>(
             input, dis_process(input.options.integer("steps"), input.start_scale,
                                input.options.real("first_rate"), input.options.real("last_rate")));
       }});
}

}  // namespace samplerbench::samplers
