#include "samplers/neural/kl.h"

namespace samplerbench::samplers {
namespace {

std::unique_ptr<Sampler> make_kl(const SamplerInput& input) {
  return std::make_unique<ImplicitSampler>(input, std::make_unique<KlLoss>());
}

}  // namespace

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
       .options = implicit_options(),
       .make = make_kl});
  registry.add(
      {.name = "kl-blur",
       .summary =
           "KL training of a neural implicit sampler against the blurred target, over many noise levels",
       .citation = "Luo et al., arXiv 2306.04952; the blur is a choice of this suite",
       .options = implicit_options({{"blur", true},
                                    {"sigma_schedule", "log_uniform"},
                                    {"sigma", 0.05},
                                    {"weight_start", 2.0},
                                    {"weight_end", 0.0},
                                    {"point_weights", "capped"},
                                    {"score_form", "noise"},
                                    {"draw_noise", false}}),
       .make = make_kl});
  registry.add(
      {.name = "kl-images",
       .summary =
           "KL training of a neural implicit sampler on an energy model of images, over its noise levels",
       .citation = "Luo et al., arXiv 2306.04952",
       .options = implicit_options(image_defaults(Json::object())),
       .make = make_kl});
}

}  // namespace samplerbench::samplers
