#pragma once

#include "core/nets/adam.h"
#include "samplers/tempering.h"
#include "samplers/training_schedule.h"

namespace samplerbench::samplers {

// Doubly stochastic variational inference (Titsias and Lazaro-Gredilla 2014): a Gaussian with independent
// coordinates, x = mean + sd z with z ~ N(0, I), fitted to the reverse Kullback-Leibler divergence by Adam on
// reparameterised gradients. The divergence descends along the mean of the scores, for the mean, and along
// the mean of score times z times sd, plus 1, for log sd. A minibatched target adds the second source of
// noise that the method is named after. A step takes `batch` scores.
class Dsvi : public Sampler {
 public:
  explicit Dsvi(const SamplerInput& input);

  // Diagnostics: `rate`, `gradient`. Throws Diverged where the gradient is not finite, InputError where
  // neither an option nor the budget says how long the schedule is.
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;
  LogDensity log_density() const override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  const targets::Target& target_;
  int64_t batch_;
  TrainingSchedule schedule_;
  Tempering tempering_;
  Tensor parameters_;  // [2 D] mean and log sd
  Tensor averaged_;    // [2 D] what draws come from
  Tensor noise_;       // [batch, D]
  Adam adam_;
};

void add_dsvi(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
