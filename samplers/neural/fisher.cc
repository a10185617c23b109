#include "samplers/neural/fisher.h"

namespace samplerbench::samplers {
namespace {

std::unique_ptr<Sampler> make_fisher(const SamplerInput& input) {
  return std::make_unique<ImplicitSampler>(
      input, std::make_unique<FisherLoss>(FisherGradient::through_sample, /*alpha=*/0.0,
                                          /*divergence_form=*/false));
}

}  // namespace

void add_fisher(SamplerRegistry& registry) {
  registry.add(
      {.name = "fisher",
       .summary = "Fisher training of a neural implicit sampler: only the gradient through the draws",
       .citation = "Luo et al., arXiv 2306.04952",
       .options = implicit_options(),
       .make = make_fisher});
  registry.add({.name = "fisher-images",
                .summary = "`fisher` on an energy model of images, over its noise levels",
                .citation = "Luo et al., arXiv 2306.04952",
                .options = implicit_options(image_defaults(
                    {{"weight_start", 3.0}, {"weight_end", 3.0}, {"point_weights", "denoised"}})),
                .make = make_fisher});
}

}  // namespace samplerbench::samplers
