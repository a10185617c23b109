#include "samplers/neural/blur.h"

namespace samplerbench::samplers {

OptionTable Blur::options() {
  return grouped(
      "blur", {Option::flag("blur", false, "blur the target as the draws are"),
               Option::integer("blur_points", 64, "Monte Carlo points a row, if not exact")
                   .at_least(2)
                   .only_if("blur", true),
               Option::real("tau", 0.25, "about the target's finest length").above(0).only_if("blur", true)});
}

Blur::Blur(const Options& options)
    : on(options.flag("blur")),
      settings{.points = options.integer("blur_points"), .tau = options.real("tau")} {}

std::unique_ptr<targets::Target> Blur::of(const targets::Target& target, const Tensor& sigma,
                                          Rng& rng) const {
  return on ? target.noised(sigma, rng, settings) : nullptr;
}

}  // namespace samplerbench::samplers
