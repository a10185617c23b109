#pragma once

#include "samplers/mcmc/chain_history.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Parallel Markov chains in one batch: what all of them share, the present state and its history.
class ChainSampler : public Sampler {
 public:
  // n states from the later half of the history, as ChainHistory::draw() chooses them. Throws Diverged where
  // a state is not finite.
  Tensor draw(int64_t n, Rng& rng) override;

  std::optional<Tensor> chains() const override;
  void save(Archive& archive) const override { history_.save(archive); }
  void load(const Archive& archive) override { history_.load(archive); }

  // The present state of every chain: [C, D].
  const Tensor& state() const { return state_; }

 protected:
  // `start` [C, D] is copied; `target` must outlive the sampler; `history` bounds the states held for each
  // chain.
  ChainSampler(const targets::Target& target, const Tensor& start, int64_t history);

  void require_finite() const;

  // Moves the present states to the CPU, contiguous, where loops on plain buffers move them in place. Draws
  // and kept states stay where `start` was.
  void hold_states_plainly() { state_ = state_.cpu().contiguous(); }

  const targets::Target& target_;
  Tensor state_;  // [C, D]
  ChainHistory history_;
};

// Throws InputError where `target` is seen through minibatches: the densities of two points on different
// minibatches give neither an acceptance ratio nor an energy error.
void require_all_data(const targets::Target& target);

// The options that all chain samplers have: how many chains, and how many states each of them keeps.
Option chains_option();
Option history_option();

// The trajectories of a Hamiltonian sampler: how many leapfrog steps, and how much their lengths vary.
Option leapfrog_option(int64_t fallback);
Option jitter_option(double fallback);

}  // namespace samplerbench::samplers
