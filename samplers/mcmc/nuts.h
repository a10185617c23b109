#pragma once

#include "samplers/mcmc/chain_sampler.h"
#include "samplers/mcmc/trajectory_tree.h"
#include "samplers/mcmc/windowed_adaptation.h"

namespace samplerbench::samplers {

struct NutsSettings {
  double step_size = 0.1;      // the first step size; without warm-up the only one
  double target_accept = 0.8;  // mean acceptance that adaptation aims at
  int64_t warmup = 300;        // transitions with adaptation
  int64_t history = 1000;      // states held of each chain
  TrajectorySettings trajectory;
};

// The no-U-turn sampler with multinomial weights, see TrajectoryTree. The warm-up is Stan's, see
// WindowedAdaptation: chains share one step size and one diagonal mass matrix, adapted to all of them
// together. The history begins anew when warm-up ends.
//
// Scores of a chain: one a leapfrog step, of which a trajectory takes at most 2^max_depth - 1; one at the
// start; and in the warm-up one for each trial of a first step size.
class Nuts : public ChainSampler {
 public:
  Nuts(const targets::Target& target, const Tensor& start, const NutsSettings& settings);

  // One transition of every chain. Diagnostics: `accept`, the mean acceptance along the trajectories,
  // `step_size`, `depth`, the mean number of doublings, `divergences`, the number of chains whose trajectory
  // was given up, and `leapfrogs`, of all chains together, with those of trial step sizes.
  Json step(Rng& rng) override;

  double step_size() const { return adaptation_.step_size(); }

  // Standard deviations that the mass matrix stands for: [D].
  const Tensor& scale() const { return adaptation_.scale(); }

 private:
  int64_t seek_step_size(Rng& rng);
  double acceptance_of_one_step(double step_size, Rng& rng) const;
  template <class T>
  double acceptance_of_one_step(double step_size, Rng& rng) const;

  PlainTarget plain_target_;
  TrajectoryTree tree_;
  WindowedAdaptation adaptation_;
  bool evaluated_ = false;  // whether value_ and score_ hold
  Tensor value_;            // [C] log density of the present state
  Tensor score_;            // [C, D] its score
};

void add_nuts(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
