#include "samplers/neural/kl.h"

namespace samplerbench::samplers {
Tensor KlLoss::rows(const NoisedPoints& at, const ScoreFunction& target_score,
                    const ScoreFunction& model_score, Rng&) const {
  const Tensor x = at.x.detach();
  return ((model_score(x) - target_score(x)) * at.x).sum(1);
}

void add_kl(SamplerRegistry& registry) {
  registry.add(
      {.name = "kl",
       .summary = "KL training of a neural implicit sampler: one narrow noise level, the target as it is",
       .citation = "Luo et al., arXiv 2306.04952",
       .facts = {"KL", DrawsAre::trained},
       .options = implicit_options(),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<ImplicitSampler>(input, std::make_unique<KlLoss>());
       },
       .essential = implicit_essentials(),
       .check = check_implicit});
  registry.add_preset({.name = "kl-amortised",
                       .preset_of = "kl",
                       .summary = "KL training of a whole family q(x | c), at random conditions c",
                       .citation = "Luo et al., arXiv 2306.04952; the conditions are a choice of this suite",
                       .defaults = {{"amortised", true}}});
  registry.add_preset(
      {.name = "kl-blur",
       .preset_of = "kl",
       .summary =
           "KL training of a neural implicit sampler against the blurred target, over many noise levels",
       .citation = "Luo et al., arXiv 2306.04952; the blur is a choice of this suite",
       .defaults = {{"blur", true},
                    {"sigma_schedule", "log_uniform"},
                    {"sigma", 0.05},
                    {"weight_start", 2.0},
                    {"weight_end", 0.0},
                    {"point_weights", "capped"},
                    {"score_form", "noise"},
                    {"draw_noise", false}}});
  registry.add_preset(
      {.name = "kl-images",
       .preset_of = "kl",
       .summary =
           "KL training of a neural implicit sampler on an energy model of images, over its noise levels",
       .citation = "Luo et al., arXiv 2306.04952",
       .defaults = image_defaults(Json::object())});
}

}  // namespace samplerbench::samplers
