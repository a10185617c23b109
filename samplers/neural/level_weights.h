#pragma once

#include "samplers/neural/noise_levels.h"

namespace samplerbench::samplers {

// How much each noised point counts in the loss of a generator: sigma^p, where p goes from `start` to `end`
// over the training, times a weight of the point that the target's score s there gives:
//   none      1
//   denoised  1 / mean |e + sigma s| over its coordinates: sigma over its distance from the denoised point
//   capped    1 / max(1, sigma |s| / (cap sqrt(D))) to the power that the scores have in the loss
struct LevelWeights {
  enum class Points { none, denoised, capped };

  double start;
  double end;
  Points points;
  double cap;

  static OptionTable options();
  explicit LevelWeights(const Options& options);

  // The weights divided by N, [N]. `target_score`: s, [N, D], a constant; `degree`: the power of the scores
  // in the loss; `progress`: the share of the training that is done, in [0, 1].
  Tensor rows(const NoisedPoints& at, const Tensor& target_score, int degree, double progress) const;
};

}  // namespace samplerbench::samplers
