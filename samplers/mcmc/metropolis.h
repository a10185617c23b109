#pragma once

#include <limits>
#include <vector>

#include "samplers/mcmc/chain_sampler.h"
#include "samplers/mcmc/dual_averaging.h"
#include "samplers/mcmc/plain_target.h"

namespace samplerbench::samplers {

struct MetropolisSettings {
  double step_size = 0.1;      // the first step size; without warm-up the only one
  double target_accept = 0.5;  // mean acceptance that adaptation aims at
  int64_t warmup = 0;          // transitions with adaptation
  int64_t history = 1000;      // states held of each chain
};

// A proposed state of every chain, contiguous on the CPU and in the dtype of the states. A row whose
// log_ratio is not finite is rejected.
struct Proposal {
  Tensor state;                   // [C, D]
  Tensor value;                   // [C] log density there
  Tensor score;                   // [C, D] score there
  std::vector<double> log_ratio;  // [C] log of the acceptance ratio
};

// Chains that move by proposals, accept them with probability min(1, ratio), and adapt one common step size
// in their warm-up. The history begins anew when warm-up ends. States, proposals and random numbers are on
// the CPU, and a step works on their plain buffers.
class Metropolis : public ChainSampler {
 public:
  // One transition of every chain. Diagnostics: `accept`, the mean acceptance probability, and `step_size`.
  // The value and score of the present states are kept from the transition before; the first evaluates them.
  Json step(Rng& rng) final;

  double step_size() const { return step_size_; }

 protected:
  Metropolis(const targets::Target& target, const Tensor& start, const MetropolisSettings& settings);

  // Writes a proposal from the present state, value and score, which it must leave as they are.
  virtual void propose(Rng& rng, Proposal& proposal) = 0;

  // Called after every transition of the warm-up with its mean acceptance probability. An override calls this
  // one too.
  virtual void adapt(double acceptance);

  // The longest step size that adaptation may choose.
  virtual double longest_step() const { return std::numeric_limits<double>::infinity(); }

  // Begins the search for a step size anew, from this or from the present one, after the proposals have
  // changed.
  void restart_search(double step_size) {
    step_size_ = step_size;
    search_ = DualAveraging(step_size, settings_.target_accept);
  }
  void restart_search() { restart_search(step_size_); }

  int64_t transitions() const { return transitions_; }
  int64_t warmup() const { return settings_.warmup; }

  int64_t count() const { return state_.size(0); }  // chains C
  int64_t dim() const { return state_.size(1); }

  PlainTarget plain_target_;
  Tensor value_;  // [C] log density of the present state
  Tensor score_;  // [C, D] its score

 private:
  template <class T>
  double accept_or_reject(Rng& rng);

  MetropolisSettings settings_;
  DualAveraging search_;
  double step_size_;
  int64_t transitions_ = 0;
  bool evaluated_ = false;  // whether value_ and score_ hold
  Proposal proposal_;
  Tensor uniform_;  // [C]
};

}  // namespace samplerbench::samplers
