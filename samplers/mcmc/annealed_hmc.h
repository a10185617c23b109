#pragma once

#include "samplers/mcmc/annealed_sampler.h"
#include "samplers/mcmc/chain_sampler.h"

namespace samplerbench::samplers {

struct AnnealedHmcSettings {
  AnnealedSettings annealed;
  double step_size = 0.5;  // the leapfrog step size at noise level sigma is step_size sigma
  int64_t leapfrog = 5;    // leapfrog steps a transition, L
  double jitter = 0.5;     // chains multiply their step size by uniform numbers in [1 - jitter, 1 + jitter)
};

// A point in phase space for each chain, with the log density and score at its position.
struct AnnealedPhase {
  Tensor position;  // [n, D]
  Tensor momentum;  // [n, D], of unit mass
  Tensor value;     // [n]
  Tensor score;     // [n, D]
};

// Hamiltonian transitions down a noise ladder: at every rung one trajectory of L leapfrog steps on the
// density of the target blurred by the rung's sigma, accepted or rejected by Metropolis, so that each leaves
// that density as it is. L scores a transition and draw, one more where the level is not that of the rung
// before, and one for the denoising step. Many chains of many coordinates, on any device: they move as
// tensors.
class AnnealedHmc : public AnnealedSampler {
 public:
  // Throws InputError where the target is seen through minibatches.
  AnnealedHmc(const targets::Target& target, const torch::TensorOptions& placement,
              const AnnealedHmcSettings& settings);

  // Mean acceptance probability of the chains that were annealed last.
  double acceptance() const { return acceptance_; }

 protected:
  void anneal(Tensor& x, Rng& rng) override;

  // The logarithm of the acceptance ratio, which is the energy lost from `start` to `end`: [n].
  virtual Tensor log_ratio(const AnnealedPhase& start, const AnnealedPhase& end) const;

 private:
  // Moves the chains of `now`, their position in place. Returns their acceptance probabilities, [n].
  Tensor transition(const targets::Target& target, AnnealedPhase& now, double step_size, Rng& rng);

  AnnealedHmcSettings settings_;
  double acceptance_ = 0;
};

void add_annealed_hmc(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
