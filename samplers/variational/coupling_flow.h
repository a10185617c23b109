#pragma once

#include "samplers/tempering.h"
#include "samplers/variational/flow_sampler.h"

namespace samplerbench::samplers {

// What a coupling flow descends, by the options of these names.
struct CouplingFlowLoss {
  bool path;         // the estimator `path` below, else `total`
  double score_cap;  // 0 for none

  explicit CouplingFlowLoss(const Options& options);
};

// Variational inference with a RealNVP flow: minimises the reverse Kullback-Leibler divergence, the mean of
// log p(x) - beta log q(x) over x = flow(z), where p is the law of the flow and q the target, by
// reparameterised gradients. A step is one value and score of the target a draw and one update. The inverse
// temperature beta rises to 1 over the first `annealing` of the schedule. Scores longer than `score_cap` are
// shortened. Draws at which the target overflows are left out of a step, which throws Diverged where they are
// more than a tenth. Two estimators of the gradient, with the same mean:
//   total  through x and the log determinant
//   path   through x alone, which has no variance where p = q (Roeder, Wu and Duvenaud 2017, arXiv
//   1703.09194)
class CouplingFlow : public FlowSampler {
 public:
  explicit CouplingFlow(const SamplerInput& input);

  // Throws InputError where neither decay_steps nor the budget says how long the schedules are.
  Json step(Rng& rng) override;

 private:
  double inverse_temperature() const { return tempering_.inverse_temperature(schedule().progress()); }
  Tensor capped(const Tensor& score) const;

  // Updates the weights by the tape and the target's score there, [N, D], over the rows that are `usable`,
  // [N]. Returns the gradient's norm, [].
  Tensor update(const Tensor& score, const Tensor& usable);

  const targets::Target& target_;
  CouplingFlowLoss loss_;
  Tempering tempering_;
  AffineFlowTape tape_;
};

// coupling-flow
void add_coupling_flow(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
