#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

struct ExactOracleSettings {
  double first_mode_weight = -1;  // in [0, 1]; -1 for the target's own
  int64_t pool = 10000;
};

// Exact draws of the target with a wrong weight for its first mode. The other modes keep their proportions,
// and within each mode every draw is exact, so that metrics judge the wrong weights alone. It sees exact
// draws, so it is no sampler for use.
class ExactOracle : public Sampler {
 public:
  // Throws InputError where there are no exact draws, or where a weight is given and the modes are not known.
  ExactOracle(const SamplerInput& input, const ExactOracleSettings& settings);

  // Renews the pool, without work on the target. Returns no diagnostics.
  Json step(Rng& rng) override;

  // n draws of the pool, chosen by even_choice(): [n, D].
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
