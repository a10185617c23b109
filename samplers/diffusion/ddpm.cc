#include "samplers/diffusion/ddpm.h"

#include "core/error.h"
#include "targets/diffusion/diffused_target.h"

namespace samplerbench::samplers {

Ddpm::Ddpm(const targets::Target& target, const torch::TensorOptions& placement,
           const ReverseSettings& settings)
    : ReverseSampler(target.dim(), placement, settings), target_(target) {
  if (!targets::diffused_exactly(target, settings.horizon))
    throw InputError(
        "ddpm needs the score of the noised target in closed form, which Gaussians and their mixtures have");
}

Tensor Ddpm::score(const Tensor& x, double time) const {
  return targets::diffused_exactly(target_, time)->score(x);
}

void add_ddpm(SamplerRegistry& registry) {
  registry.add(
      {.name = "ddpm",
       .summary = "an upper reference: the reverse of a diffusion, by the exact score of the noised target",
       .citation = "Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745",
       .facts = {"DDPM (exact score)", DrawsAre::fresh, Information::truth},
       .options = reverse_options(ReverseSettings().steps),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<Ddpm>(input.target, input.placement, reverse_settings(input.options));
       },
       .check = check_reverse});
}

}  // namespace samplerbench::samplers
