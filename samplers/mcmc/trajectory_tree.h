#pragma once

#include "core/rng.h"
#include "targets/target.h"

namespace samplerbench::samplers {

struct TrajectorySettings {
  int64_t max_depth = 10;    // a trajectory has at most 2^max_depth - 1 leapfrog steps
  double divergence = 1000;  // a loss of energy above which a trajectory is given up
};

// Where chains are: state [C, D], its log density [C] and its score [C, D].
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
// call of the target, for them alone. Turns are checked as Stan does, also across the seam of two halves.
class TrajectoryTree {
 public:
  // `target` must outlive the tree.
  TrajectoryTree(const targets::Target& target, const TrajectorySettings& settings)
      : target_(target), settings_(settings) {}
  virtual ~TrajectoryTree() = default;

  // One transition of every chain, in place. `step` [D]: the step size of each coordinate, times its scale.
  TrajectorySummary grow(ChainStates chains, const Tensor& step, Rng& rng);

 protected:
  // The logarithm of the weight of points at which the energy has fallen by `gain` since the start: [A] ->
  // [A].
  virtual Tensor log_weight(const Tensor& gain) const { return gain; }

  // Whether a piece of a trajectory has turned, by the sum of its momenta and the momenta at its ends: [...,
  // D] each (broadcast) -> [...] booleans.
  virtual Tensor turned(const Tensor& sum, const Tensor& first, const Tensor& last) const;

 private:
  void plant(const ChainStates& chains, Rng& rng);
  void turn_round(const Tensor& step, Rng& rng);
  void grow_half(int64_t depth, Rng& rng);
  void leapfrog();
  void weigh_leaf(bool first, Rng& rng);
  Tensor half_turned(int64_t leaf) const;
  Tensor join(const ChainStates& chains, Rng& rng);
  void stop(const Tensor& stopped, int64_t depth);
  void count(const Tensor& acceptance, int64_t depth);
  void bind();

  int64_t growing() const { return chain_.size(0); }

  const targets::Target& target_;
  TrajectorySettings settings_;

  // All tensors hold the A chains that still grow; the named ones below are views into these.
  Tensor chain_;        // [A] int64, which chain it is
  Tensor sign_;         // [A, 1] 1 where the front is the later end in time, -1 where it is the earlier
  Tensor step_;         // [A, D] signed step of the front
  Tensor points_;       // [12, A, D]
  Tensor numbers_;      // [5, A]
  Tensor checkpoints_;  // [3, levels, A, D]: first momentum, momentum before it, sum before it

  Tensor front_, back_;                 // [3, A, D] the ends: position, score and momentum (of unit mass)
  Tensor position_, score_, momentum_;  // [A, D] of the front
  Tensor choice_;                       // [2, A, D] position and score chosen in the new half
  Tensor sum_, half_sum_;               // [A, D] momenta summed over the tree and over the new half
  Tensor near_, first_;                 // [A, D] momenta where the halves meet: the old half's, the new one's
  Tensor start_;                        // [A] minus the energy at the start
  Tensor weight_, half_weight_;         // [A] log weights of the tree and of the new half
  Tensor acceptance_;                   // [A] acceptance summed over the leaves
  Tensor choice_value_;                 // [A] log density at the choice
  Tensor value_;                        // [A] log density at the front
  Tensor gain_;                         // [A] loss of energy from the start to the front

  TrajectorySummary summary_;
  int64_t leaves_ = 0;  // of each growing trajectory, without its start
};

}  // namespace samplerbench::samplers
