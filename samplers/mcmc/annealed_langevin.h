#pragma once

#include "samplers/mcmc/annealed_sampler.h"

namespace samplerbench::samplers {

struct AnnealedLangevinSettings {
  AnnealedSettings annealed;
  double step_size = 0.5;  // a transition at noise level sigma has the length h = step_size sigma^2
};

// Langevin transitions down a noise ladder (Song and Ermon 2019, arXiv 1907.05600; Li, Chen and Sommer 2019,
// arXiv 1910.07762): at level sigma x' = x + (h / 2) s(x, sigma) + sqrt(T h) e, where s is the score of the
// target blurred by sigma, h = step_size sigma^2, and T the rung's temperature. One score a transition and
// draw, and one more for the denoising step.
class AnnealedLangevin : public AnnealedSampler {
 public:
  AnnealedLangevin(const targets::Target& target, const torch::TensorOptions& placement,
                   const AnnealedLangevinSettings& settings)
      : AnnealedSampler(target, placement, settings.annealed), step_size_(settings.step_size) {}

 protected:
  void anneal(Tensor& x, Rng& rng) override;

 private:
  double step_size_;
};

void add_annealed_langevin(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
