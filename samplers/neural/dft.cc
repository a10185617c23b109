#include "samplers/neural/dft.h"

#include "samplers/neural/fisher_loss.h"

namespace samplerbench::samplers {
namespace {

Preset dft_amortised() {
  return {.name = "dft-amortised",
          .preset_of = "dft",
          .summary = "Denoising Fisher Training of a whole family q(x | c), at random conditions c",
          .citation = "Luo and Deng, arXiv 2411.01453; the conditions are a choice of this suite",
          .defaults = {{"amortised", true}}};
}

Preset dft_blur() {
  return {.name = "dft-blur",
          .preset_of = "dft",
          .summary = "Denoising Fisher Training against the blurred target, over many noise levels",
          .citation =
              "Luo and Deng, arXiv 2411.01453; the blur, the level weights and the share of the "
              "through-sample part are choices of this suite; distance: Luo et al., arXiv 2410.16794",
          .revision = 3,
          .defaults = {{"blur", true},
                       {"sigma_schedule", "log_uniform"},
                       {"sigma", 0.05},
                       {"weight_start", 3.0},
                       {"weight_end", 2.0},
                       {"score_form", "noise"},
                       {"gradient", "family"},
                       {"alpha", 0.95},
                       {"huber", 0.2},
                       {"draw_noise", false}}};
}

Preset dft_images() {
  return {.name = "dft-images",
          .preset_of = "dft",
          .summary = "Denoising Fisher Training on an energy model of images, over its noise levels",
          .citation =
              "Luo and Deng, arXiv 2411.01453; part through the score and weights: Zhou et al., "
              "arXiv 2404.04057",
          .defaults = image_defaults({{"weight_start", 3.0},
                                      {"weight_end", 3.0},
                                      {"point_weights", "denoised"},
                                      {"gradient", "family"},
                                      {"alpha", 1.0}})};
}

}  // namespace

void add_dft(SamplerRegistry& registry) {
  registry.add(
      {.name = "dft",
       .summary = "Denoising Fisher Training, as published: one narrow noise level, the target as it is",
       .citation = "Luo and Deng, arXiv 2411.01453",
       .facts = {"DFT", DrawsAre::trained},
       .options = implicit_options(FisherLoss::options()),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<ImplicitSampler>(input, std::make_unique<FisherLoss>(input.options));
       },
       .essential = implicit_essentials({"gradient"}),
       .check = check_implicit});
  registry.add_preset(dft_amortised());
  registry.add_preset(dft_blur());
  registry.add_preset(dft_images());
}

}  // namespace samplerbench::samplers
