#pragma once

#include <algorithm>

#include "core/rng.h"
#include "samplers/mcmc/plain_target.h"

namespace samplerbench::samplers {

struct TrajectorySettings {
  int64_t max_depth = 10;    // a trajectory has at most 2^max_depth - 1 leapfrog steps
  double divergence = 1000;  // a loss of energy above which a trajectory is given up
};

// Where chains are: state [C, D], its log density [C] and its score [C, D], contiguous on the CPU and of one
// dtype, float32 or float64.
struct ChainStates {
  Tensor& state;
  Tensor& value;
  Tensor& score;
};

// What one transition of all chains did.
struct TrajectorySummary {
  double acceptance = 0;    // min(1, exp(-energy error)), averaged over each trajectory, then over chains
  double depth = 0;         // completed doublings, averaged over chains
  int64_t leapfrogs = 0;    // leapfrog steps of all chains together: as many scores
  int64_t divergences = 0;  // chains whose trajectory was given up
};

// The trajectories of a no-U-turn transition with multinomial weights (Betancourt 2017, arXiv 1701.02434,
// appendix A; Hoffman and Gelman 2014, JMLR 15), one for each chain and all in one batch. A trajectory
// doubles forwards or backwards in time until its ends turn towards each other. Inside a new half every point
// is chosen in proportion to its weight; between the old and the new half the choice is biased to the new.
//
// Trees are built leaf by leaf from at most max_depth checkpoints (Phan, Pradhan and Jankowiak 2019, arXiv
// 1912.11554; Lao and Dillon 2020, arXiv 2002.01184). All trajectories begin together and every doubling
// takes the same number of leaves, so those still growing are always at the same leaf: a leapfrog step is one
// call of the target, for them alone. Turns are checked as Stan does, also across the seam of two halves. All
// work on plain buffers: a Trajectory a chain.
class TrajectoryTree {
 public:
  // `target` must outlive the tree; `device` is where it works.
  TrajectoryTree(const targets::Target& target, const TrajectorySettings& settings,
                 torch::Device device = torch::kCPU)
      : target_(target, device), settings_(settings) {}
  virtual ~TrajectoryTree() = default;

  // One transition of every chain, in place. `step` [D]: the step size of each coordinate, times its scale.
  TrajectorySummary grow(ChainStates chains, const Tensor& step, Rng& rng);

 protected:
  // The logarithm of the weight of a point at which the energy has fallen by `gain` since the start.
  virtual double log_weight(double gain) const { return gain; }

  // Whether a piece of a trajectory has turned, by the inner products of the sum of its momenta with the
  // momenta at its ends.
  virtual bool turned(double with_first, double with_last) const {
    return std::min(with_first, with_last) <= 0;
  }

 private:
  // The trajectories of one transition.
  template <class T>
  class Grove;

  PlainTarget target_;
  TrajectorySettings settings_;
  Tensor memory_;  // [C, vectors, padded D] of the trajectories
  Tensor batch_;   // [2, C, D] positions of those that still grow, one after the other, and scores there
  Tensor values_;  // [2, C] log densities there, and uniform numbers
};

}  // namespace samplerbench::samplers
