#pragma once

#include <functional>
#include <optional>

#include "samplers/training.h"
#include "targets/flow/flow_learner.h"
#include "targets/flow/matched_flow.h"

namespace samplerbench::samplers {

// An energy-based normalising flow, trained on draws of the target by likelihood or score matching (Chao et
// al., arXiv 2305.15267). It asks nothing of the target: it learns the law of draws, and is to be compared
// with what learns from draws too. A step is one update by Adam or RMSProp on a batch of draws: fresh ones,
// or, where `training_draws` = m says so, m draws that are made once, the same for all samplers of one seed,
// of which every step takes a batch at random. Its own draws and their law come from an exponential average
// of the weights.
//
// With `alpha` above 0 the points x are grey levels in [0, 1]. The flow is then one of v = 256 x, whose first
// layer is pixel_logit_layer. With `map` the objective is taken after that layer, else of v; the law of the
// draws is that of x either way.
class EbFlow : public Sampler {
 public:
  // Throws InputError where there are no draws to learn from or they are those that metrics compare with, for
  // a coupling flow in one dimension, and for one training draw.
  explicit EbFlow(const SamplerInput& input);

  // Diagnostics: those of FlowLearner and `rate`. Throws InputError where the rate falls on half a cosine and
  // neither decay_steps nor the budget says how long that is, and where `alpha` is above 0 and points are not
  // in [0, 1].
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;

  // Both take points of any floating dtype and compute in float64.
  LogDensity log_density() const override;
  LawScore law_score() const override;

  // The archive is a model file of the target `ebflow-trained` too.
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  // A learning rate that falls after each pass over the data, of so many steps: see staircase().
  struct Falls {
    double gamma;
    int64_t pass, milestone;
  };

  targets::FlowLearner first_learner(const SamplerInput& input) const;
  double rate() const;               // factor of the learning rate
  Tensor batch(Rng& rng) const;      // [N, D] draws of the target
  Weights averaged_weights() const;  // a copy in float64

  Training training_;
  TrainingSchedule schedule_;
  targets::FlowObjectiveSettings objective_;
  torch::TensorOptions placement_;
  std::function<Tensor(int64_t, Rng&)> draws_;
  Tensor kept_draws_;  // [m, D]; undefined where draws are fresh
  targets::MatchedFlow flow_;
  double unit_;  // of the target's points in the flow's: 256 where these are grey levels, else 1
  targets::FlowLearner learner_;
  std::optional<Falls> falls_;  // none: the rate falls on half a cosine
  std::optional<targets::FlowInverse> inverse_;  // of the averaged weights, until they change
};

// ebflow
void add_ebflow(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
