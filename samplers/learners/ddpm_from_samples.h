#pragma once

#include "core/nets/adam.h"
#include "samplers/diffusion/reverse_sampler.h"
#include "samplers/learners/noise_net.h"
#include "samplers/training.h"

namespace samplerbench::samplers {

// The reverse process by a score that is learnt from m exact draws of the target, in the setting of Gupta,
// Parulekar, Price and Xun 2024, arXiv 2311.13745: what DDPM makes of samples. The m draws are fixed. A step
// is one update of a NoiseNet by denoising score matching on a batch of them, at times that are log-uniform
// between `stop` and `horizon`. The paper minimises over networks at each time apart, with one noise for each
// draw; here one network serves all times. With noise = once each draw keeps its noise e_i, and x_i is seen
// as e^-t x_i + sigma_t e_i at every time t; with noise = fresh every batch has its own.
//
// It learns from the draws alone. If the modes of the target are known, its diagnostics say how many of the
// draws are of the least probable one, which it does not use.
class DdpmFromSamples : public ReverseSampler {
 public:
  // Throws InputError where there are no exact draws, or where those that it would be judged on are among
  // them.
  explicit DdpmFromSamples(const SamplerInput& input);

  // Returns loss, gradient and rate, and rare_draws as above. Throws Diverged where the loss is not finite.
  Json step(Rng& rng) override;

  // The learnt score at the option `time`, as that of x0 + sigma e with sigma = sqrt(e^2t - 1). Nothing where
  // this time is not between `stop` and `horizon`.
  std::optional<ScoreModel> score_model() const override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // What a step learns from: clean draws, times and noise, one a row.
  struct Batch {
    Tensor x0;    // [B, D]
    Tensor time;  // [B, 1]
    Tensor e;     // [B, D]
  };
  Batch batch(Rng& rng) const;

  // The m draws: [m, D].
  const Tensor& samples() const { return samples_; }

 protected:
  Tensor score(const Tensor& x, double time) const override { return averaged_.score(x, time); }

 private:
  Training training_;
  TrainingSchedule schedule_;
  Tensor samples_;                     // [m, D]
  Tensor noise_;                       // [m, D], of each draw; undefined where it is fresh
  std::optional<int64_t> rare_draws_;  // among the m
  NoiseNet trained_, averaged_;
  Adam adam_;
  Tape tape_;
  double time_;
};

void add_ddpm_from_samples(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
