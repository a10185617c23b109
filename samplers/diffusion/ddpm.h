#pragma once

#include "samplers/diffusion/reverse_sampler.h"

namespace samplerbench::samplers {

// The reverse process with the exact score of the target at every time. It asks the target for the score of
// its blur by Gaussian noise, as annealed chains do, but in closed form alone, which an unnormalised density
// does not give. So it is an oracle, and shows what a model of this score could reach at best. Where the
// closed form is that of a model, as of an energy network, draws are as good as the model is at noise levels
// up to sqrt(e^2T - 1). All work is in draw() and none in step().
class Ddpm : public ReverseSampler {
 public:
  // `target` must outlive the sampler. Throws InputError where the blur of `target` has no closed form.
  Ddpm(const targets::Target& target, const torch::TensorOptions& placement, const ReverseSettings& settings);

  // Does nothing and returns no diagnostics.
  Json step(Rng&) override { return Json::object(); }

 protected:
  Tensor score(const Tensor& x, double time) const override;

 private:
  const targets::Target& target_;
};

void add_ddpm(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
