#pragma once

#include "samplers/neural/implicit_sampler.h"

namespace samplerbench::samplers {

// KL training of a neural implicit sampler (Luo et al., arXiv 2306.04952): the gradient of KL(p, q) in the
// generator is E J_g^T (s_p - s_q), so a row's loss is <stopgrad(s_phi - s_q), x>.
//
// Target work a step, a noised point: 1 score; against a target blurred by K points K scores and K densities.
class KlLoss : public GeneratorLoss {
 public:
  Tensor rows(const NoisedPoints& at, const ScoreFunction& target_score, const ScoreFunction& model_score,
              Rng& rng) const override;
  int degree() const override { return 1; }
};

// `kl`: one narrow sigma, the target as it is. `kl-amortised`: the same for all members of the target's
// family. `kl-blur`: the target blurred, many noise levels. `kl-images`: the same on an energy model of
// images.
void add_kl(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
