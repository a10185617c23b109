#include "samplers/neural/fisher.h"

#include "samplers/neural/fisher_loss.h"

namespace samplerbench::samplers {

void add_fisher(SamplerRegistry& registry) {
  registry.add(
      {.name = "fisher",
       .summary = "Fisher training of a neural implicit sampler: only the gradient through the draws",
       .citation = "Luo et al., arXiv 2306.04952",
       .facts = {"Fisher", DrawsAre::trained},
       .options = implicit_options(grouped("Fisher divergence", {FisherLoss::halves_option()})),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<ImplicitSampler>(
             input, std::make_unique<FisherLoss>(FisherLossSettings{
                        .gradient = FisherGradient::through_sample, .halves = input.options.flag("halves")}));
       },
       .essential = implicit_essentials({"halves"}),
       .check = check_implicit});
  registry.add_preset({.name = "fisher-images",
                       .preset_of = "fisher",
                       .summary = "`fisher` on an energy model of images, over its noise levels",
                       .citation = "Luo et al., arXiv 2306.04952",
                       .defaults = image_defaults(
                           {{"weight_start", 3.0}, {"weight_end", 3.0}, {"point_weights", "denoised"}})});
}

}  // namespace samplerbench::samplers
