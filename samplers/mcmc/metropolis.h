#pragma once

#include "samplers/mcmc/chain_sampler.h"
#include "samplers/mcmc/dual_averaging.h"

namespace samplerbench::samplers {

struct MetropolisSettings {
  double step_size = 0.1;      // the first step size; without warm-up the only one
  double target_accept = 0.5;  // mean acceptance that adaptation aims at
  int64_t warmup = 0;          // transitions with adaptation
  int64_t history = 1000;      // states held of each chain
};

// A proposed state of every chain. A row whose log_ratio is not finite is rejected.
struct Proposal {
  Tensor state;      // [C, D]
  Tensor value;      // [C] log density there
  Tensor score;      // [C, D] score there
  Tensor log_ratio;  // [C] log of the acceptance ratio
};

// min(1, exp(log_ratio)) [C], in place; 0 where the ratio is not finite.
Tensor acceptance_probability(Tensor log_ratio);

// Chains that move by proposals, accept them with probability min(1, ratio), and adapt one common step size
// in their warm-up. The history begins anew when warm-up ends.
class Metropolis : public ChainSampler {
 public:
  // One transition of every chain. Diagnostics: `accept`, the mean acceptance probability, and `step_size`.
  // The value and score of the present states are kept from the transition before; the first evaluates them.
  Json step(Rng& rng) final;

  double step_size() const { return step_size_; }

 protected:
  Metropolis(const targets::Target& target, const Tensor& start, const MetropolisSettings& settings);

  // A proposal from the present state, value and score, which it must leave as they are.
  virtual Proposal propose(Rng& rng) = 0;

  // Called after every transition of the warm-up with its mean acceptance probability. An override calls this
  // one too.
  virtual void adapt(double acceptance);

  // Begins the search for a step size anew, from the present one, after the proposals have changed.
  void restart_search() { search_ = DualAveraging(step_size_, settings_.target_accept); }

  int64_t transitions() const { return transitions_; }
  int64_t warmup() const { return settings_.warmup; }

  Tensor value_;  // [C] log density of the present state
  Tensor score_;  // [C, D] its score

 private:
  double accept_or_reject(Proposal proposal, Rng& rng);

  MetropolisSettings settings_;
  DualAveraging search_;
  double step_size_;
  int64_t transitions_ = 0;
  Tensor uniform_;  // [C]
};

}  // namespace samplerbench::samplers
