#pragma once

#include <vector>

#include "samplers/particle/tempered_particles.h"
#include "samplers/variational/flow_sampler.h"
#include "samplers/variational/replay_buffer.h"

namespace samplerbench::samplers {

// g = q^alpha f^(1 - alpha), of a target q and the law f of a flow, in the flow's latent coordinates z, where
// f is N(0, I):
//   log g(z) = alpha (log q(x) + log |det dx/dz|) + (1 - alpha) log N(z; 0, I), x = flow(z)
// The path from f to g, (1 - b) log f + b log g, is (1 - b alpha) log f + b alpha log q in any coordinates.
// An evaluation takes one of q and a pass of the flow, and one back for the score. It is outside any graph.
class AlphaTarget : public targets::Target {
 public:
  // `target` and `flow` must outlive this object. The flow may change from one call to the next.
  AlphaTarget(const targets::Target& target, const AffineFlow& flow, double alpha)
      : target_(target), flow_(flow), alpha_(alpha) {}

  int64_t dim() const override { return target_.dim(); }
  Tensor log_density(const Tensor& z) const override;
  Tensor score(const Tensor& z) const override;
  targets::ValueAndScore value_and_score(const Tensor& z) const override;
  double data_share() const override { return target_.data_share(); }

 private:
  // At the tape's points, by the log density of q there, [N], and by its score, [N, D].
  Tensor value_by(const Tensor& log_q) const;
  Tensor score_by(const Tensor& score_q) const;

  const targets::Target& target_;
  const AffineFlow& flow_;
  double alpha_;
  mutable AffineFlowTape tape_;
};

struct FlowAnnealingSettings {
  double alpha = 2;
  int64_t particles = 256;              // of a pass
  int64_t intermediates = 4;            // inverse temperatures between 0 and 1, at equal steps
  TemperedMove move = {.leapfrog = 5};  // what the first pass begins with; its power and scale are not read
  double target_accept = 0.65;          // mean acceptance that step sizes aim at
};

// Annealed importance sampling (Neal 2001, arXiv physics/9803008) from the law f of a flow to the g of
// AlphaTarget, in the flow's latent coordinates: fresh draws of f go through the inverse temperatures. At
// each, every weight is multiplied by exp((b' - b) (log g - log f)), and every particle makes a Hamiltonian
// transition, whose step size is then multiplied by exp(mean acceptance - target_accept) for the next pass.
// Given the passes before, the mean weight of a pass estimates the integral of g without bias.
class FlowAnnealing {
 public:
  // `target` and `flow` must outlive this object. The flow may change between passes. Throws InputError where
  // the target is seen through minibatches.
  FlowAnnealing(const targets::Target& target, const AffineFlow& flow, const torch::TensorOptions& placement,
                const FlowAnnealingSettings& settings);
  FlowAnnealing(const FlowAnnealing&) = delete;  // its particles hold a reference to its target
  FlowAnnealing& operator=(const FlowAnnealing&) = delete;
  virtual ~FlowAnnealing() = default;

  // Takes 1 + intermediates x leapfrog scores and 1 + intermediates log densities a particle. Returns the
  // mean acceptance probability.
  double pass(Rng& rng);

  // Of the last pass, on the CPU: z [N, D], in the dtype of the placement, and the log weights [N], in
  // float64; -infinity where the target or the flow was not finite on the way.
  const Tensor& latents() const { return particles_.points(); }
  Tensor log_weights() const;

  // At the last inverse temperature below 1.
  double step_size() const { return ladder_.back().step_size; }

 protected:
  // How particles move that are weighed for `rung`.
  virtual TemperedMove move_at(const TemperedMove& rung) const { return rung; }

 private:
  // Takes the weights from one inverse temperature to that larger by `growth`.
  void weigh(double growth);

  AlphaTarget target_;
  TemperedParticles particles_;
  std::vector<TemperedMove> ladder_;
  double target_accept_;
  std::vector<double> log_ratios_;   // [N] log g - log f
  std::vector<double> log_weights_;  // [N]
};

// What is descended at points that were picked by weights for q^alpha f_old^(1 - alpha), where f is the law
// of the flow by now. Points and factors are held.
struct ReplayLoss {
  Tensor value;          // [], -mean(min(exp(log_factors), 10) log f)
  Tensor log_densities;  // [N], log f
  Tensor log_factors;    // [N], (1 - alpha) (log f - log f_old)
};

// Writes the gradient in the flow's weights into `gradient`, [P]. x [N, D] is in the flow's dtype, log f_old
// [N] and the results are in float64.
ReplayLoss replay_loss(const AffineFlow& flow, const Tensor& x, const Tensor& old_log_densities, double alpha,
                       AffineFlowTape& tape, Tensor& gradient);

// Flow annealed importance sampling bootstrap with a prioritised replay buffer (Midgley, Stimper, Simm,
// Schoelkopf and Hernandez-Lobato 2023, ICLR, arXiv 2208.01893): minimises the integral of q^alpha f^(1 -
// alpha) over the laws f of a flow, which weighs most where f is too small, so that f covers all modes that
// its particles find. At alpha = 1, where that integral is the same for all f, it is the limit: the forward
// Kullback-Leibler divergence. A step is one update, by replay_loss() at points of a ReplayBuffer that are
// picked by their weights; these are then multiplied by the whole factors. No point is picked twice in an
// update, so that points which hold most of the weight count for less than that. Every `updates` steps a pass
// of FlowAnnealing comes before, with as many particles as a batch has points, and adds them to the buffer;
// four come before the first. Weights of points that were not picked since stay those for an older f.
//
// Numbers of intermediate laws, leapfrog steps, updates a pass and passes in the buffer, alpha, the clip and
// the acceptance are published defaults. Ours, for budgets of seconds, are batches of 256 points in place of
// 2,048, a learning rate that falls from 3e-3 in place of 3e-4, and four passes before the first update in
// place of 32. Ours are also averaged weights; moves in latent coordinates, where f is simple and values and
// scores are kept from one inverse temperature to the next; their jittered lengths and the rule for step
// sizes; and that points are picked afresh for each update, in place of at once for all that follow a pass.
//
// Scores of a step that has a pass: batch x (1 + intermediates x leapfrog); log densities: batch x (1 +
// intermediates); of other steps none.
class Fab : public FlowSampler {
 public:
  // Throws InputError where the target is seen through minibatches.
  explicit Fab(const SamplerInput& input);

  // Diagnostics: `rate`, `loss` and `gradient` of the update; of the last pass, `accept`, the mean acceptance
  // probability, `ess`, the effective share of its weights, and `step_size` at the last of its inverse
  // temperatures. Throws InputError where neither decay_steps nor the budget says how long the schedules are,
  // and Diverged where all weights are 0, or the loss or its gradient is not finite.
  Json step(Rng& rng) override;

 private:
  void fill(Rng& rng);

  double alpha_;
  int64_t updates_;
  torch::TensorOptions placement_;
  FlowAnnealing annealing_;
  ReplayBuffer buffer_;
  AffineFlowTape tape_;
  double acceptance_ = 0;  // of the last pass
  double share_ = 0;       // of its weights, effective
};

// fab
void add_fab(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
