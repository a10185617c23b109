#pragma once

#include <optional>

#include "core/nets/adam.h"
#include "samplers/diffusion/path_loss.h"
#include "samplers/training.h"

namespace samplerbench::samplers {

// The options of a path sampler: of its paths (steps, score_cap and its `own`), of the loss, of the drift
// network and of training.
OptionTable path_options(const OptionTable& own);

// A sampler whose draws are the ends of random paths with a trained control. A step makes a batch of paths,
// and descends the loss by Adam with clipping and a half-cosine rate; draws come from an exponential average
// of the weights. Paths weigh themselves: their weights have the mean Z, give bounds of log Z from both
// sides, and an estimate of it from the last draws. Scores a path: one a node where the process needs one, K
// to K + 1, and one at the end for the loss `kl`.
class PathSampler : public Sampler {
 public:
  // Throws InputError where the target is seen through minibatches: log weights would be noise.
  PathSampler(const SamplerInput& input, const PathProcess& process);

  // Diagnostics: `rate`; `loss` and `gradient`; of the batch's log weights `elbo`, their mean, `ess`, the
  // effective share of the weights, and `left_out`, how many are not finite. Throws Diverged where that is
  // more than a tenth, or the gradient is not finite; InputError where neither decay_steps nor the budget
  // says how long the schedules are.
  Json step(Rng& rng) override;

  // The ends of n fresh paths. Throws Diverged where one is not finite.
  Tensor draw(int64_t n, Rng& rng) override;

  // By the weights of the last draws; nothing before the first.
  std::optional<LogZ> log_z() const override;
  std::optional<PathWeights> path_weights() const override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  // With a net of the process's nodes, and Adam with decoupled weight decay.
  PathSampler(const SamplerInput& input, PathProcess process, const ControlNet& net, double weight_decay);

  // One more update in the present step(), by the `gradient` [P] of another loss: its length. Throws Diverged
  // where that is not finite.
  double descend(const Tensor& gradient);

  const ControlNet& net() const { return net_; }
  const ControlNet& averaged() const { return averaged_; }
  double progress() const { return schedule_.progress(); }
  const torch::TensorOptions& placement() const { return placement_; }
  int64_t dim() const { return dim_; }

  // The paths of the last step, whole.
  PathRecord& last_paths() { return *record_; }

 private:
  // The control by `net`; both must outlive the result.
  static Control control_by(const ControlNet& net, ControlTape& tape);

  Tensor run_back(const Tensor& points, Rng& rng) const;

  torch::TensorOptions placement_;
  Training training_;
  PathLoss loss_;
  TrainingSchedule schedule_;
  Paths paths_;
  ControlNet net_;
  ControlNet averaged_;
  ControlTape tape_;
  std::optional<PathRecord> record_;  // of a step's batch; from the first step on
  Adam adam_;
  int64_t dim_;
  Tensor last_log_weights_;  // [n], of the last draws
};

}  // namespace samplerbench::samplers
