#pragma once

#include "samplers/mcmc/metropolis.h"
#include "samplers/mcmc/pooled_scale.h"

namespace samplerbench::samplers {

// A point in phase space for each chain, with the log density and score at its position.
struct Phase {
  Tensor position;  // [C, D]
  Tensor momentum;  // [C, D], of unit mass
  Tensor value;     // [C]
  Tensor score;     // [C, D]
};

// Takes `count` (at least 1) leapfrog steps from `start`, whose value it does not read. `step`: [C, D], the
// step size of each chain and coordinate. Evaluates `count` scores, the last one together with the value.
Phase leapfrog(const targets::Target& target, const Phase& start, const Tensor& step, int64_t count);

// The kinetic energy of momentum `end` minus that of `start`, both of unit mass: [C, D] -> [C].
Tensor kinetic_energy_change(const Tensor& start, const Tensor& end);

struct HmcSettings {
  MetropolisSettings metropolis;
  int64_t leapfrog = 10;  // leapfrog steps a transition, L
  double jitter = 0.5;    // chains multiply their step size by uniform numbers in [1 - jitter, 1 + jitter)
};

// Hamiltonian Monte Carlo (Neal 2011, arXiv 1206.1901) with L leapfrog steps a transition, hence L scores
// (the first transition: L + 1). Every chain jitters its trajectory length at every transition, since fixed
// lengths resonate. The warm-up adapts the step size and a diagonal mass matrix, which it sets to the inverse
// variances over all chains in its second quarter, and again in its third.
class Hmc : public Metropolis {
 public:
  Hmc(const targets::Target& target, const Tensor& start, const HmcSettings& settings);

  // Standard deviations that the mass matrix stands for: [D].
  const Tensor& scale() const { return scale_; }

 protected:
  Proposal propose(Rng& rng) override;
  void adapt(double acceptance) override;

  // The logarithm of the acceptance ratio, which is the energy lost from the present value and `momentum` to
  // `end`: [C].
  virtual Tensor log_ratio(const Tensor& momentum, const Phase& end) const;

 private:
  int64_t leapfrog_;
  double jitter_;
  Tensor scale_;        // [D]
  Tensor momentum_;     // [C, D]
  Tensor length_;       // [C, 1] jittered step sizes
  PooledScale window_;  // of the present quarter
};

void add_hmc(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
