#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

struct ExactOracleSettings {
  double first_mode_weight = -1;  // in [0, 1]; -1 for the target's own
  int64_t pool = 10000;
};

// Exact draws of the target whose modes may be given wrong weights: the law of exact draws with the first
// mode's probability changed, all else in proportion, so that within each mode every draw is exact. What
// metrics say of it is what they say of wrong weights and nothing else. Not a sampler of use: it sees exact
// draws.
class ExactOracle : public Sampler {
 public:
  // Throws InputError where there are no exact draws, or a weight is given and the modes are not known.
  ExactOracle(const SamplerInput& input, const ExactOracleSettings& settings);

  // A fresh pool. No diagnostics, no work on the target.
  Json step(Rng& rng) override;

  // From the pool: without replacement where it is large enough, each as equally often as n allows beyond.
  Tensor draw(int64_t n, Rng& rng) override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  Tensor fresh_pool(Rng& rng) const;
  Tensor mode_weights() const;  // [M] float64

  targets::Reference reference_;
  ExactOracleSettings settings_;
  torch::TensorOptions placement_;
  Tensor pool_;  // [pool, D]
};

void add_exact_oracle(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
