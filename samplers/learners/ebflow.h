#pragma once

#include <memory>
#include <optional>

#include "samplers/training.h"
#include "targets/flow/flow_learner.h"
#include "targets/flow/flow_objective.h"

namespace samplerbench::samplers {

// An energy-based normalising flow, trained on exact draws of the target by likelihood or score matching
// (Chao et al., arXiv 2305.15267). It asks nothing of the target: it learns the law of draws, and is to be
// compared with what learns from draws too. A step is one update by Adam on a batch of draws: fresh ones, or,
// where `training_draws` = m says so, m draws that are made once, the same for all samplers of one seed, of
// which every step takes a batch at random. Its own draws and their law come from an exponential average of
// the weights.
class EbFlow : public Sampler {
 public:
  // Throws InputError where the target's exact draws are not known or are those that metrics compare with,
  // for a coupling flow in one dimension, and for one training draw.
  explicit EbFlow(const SamplerInput& input);

  // Diagnostics: those of FlowLearner and `rate`. Throws InputError where neither decay_steps nor the budget
  // says how long the schedule is.
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;

  // Both take points of any floating dtype and compute in float64.
  LogDensity log_density() const override;
  LawScore law_score() const override;

  // The archive is a model file of the target `ebflow-trained` too.
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  targets::FlowLearner first_learner(const SamplerInput& input) const;
  Tensor batch(Rng& rng) const;      // [N, D] draws of the target
  Weights averaged_weights() const;  // a copy in float64

  Training training_;
  TrainingSchedule schedule_;
  targets::FlowObjectiveSettings objective_;
  torch::TensorOptions placement_;
  std::function<Tensor(int64_t, Rng&)> exact_draws_;
  Tensor kept_draws_;  // [m, D]; undefined where draws are fresh
  std::shared_ptr<const targets::FlowNetwork> network_;
  targets::FlowLearner learner_;
  std::optional<targets::FlowInverse> inverse_;  // of the averaged weights, until they change
};

// ebflow
void add_ebflow(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
