#pragma once

#include <string>

#include "targets/energy/model_fit.h"
#include "targets/flow/flow_learner.h"
#include "targets/flow/matched_flow.h"

namespace samplerbench::targets {

// A flow in training, of whatever points: its state and the model that it leaves.
class FlowFit : public ModelFit {
 public:
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;
  Archive model() const override;

 protected:
  // `map`: see MatchedFlow; `settings`: of the optimiser of that name. The weights' average keeps the option
  // 'averaging'.
  FlowFit(const ModelFitInput& input, const FlowShape& shape, bool map, const std::string& optimiser,
          const AdamSettings& settings);

  // One update by the objective at points x, [B, D], with `rate` times the optimiser's learning rate. The
  // loss is divided by `scale`.
  Json update(const Tensor& x, double scale, double rate, Rng& rng);

  const FlowNetwork& whole() const { return *flow_.whole(); }
  const FlowLearner& learner() const { return learner_; }
  const torch::TensorOptions& placement() const { return placement_; }
  int64_t steps() const { return steps_; }  // so far

 private:
  FlowObjectiveSettings objective_;
  torch::TensorOptions placement_;  // float32
  MatchedFlow flow_;
  FlowLearner learner_;
  int64_t steps_ = 0;
};

// `energy-flow`: fits a dense flow to image data by likelihood or score matching.
void add_energy_flow(ModelFitRegistry& registry);

// `planar-flow`: fits a coupling flow to exact draws of a law in the plane.
void add_planar_flow(ModelFitRegistry& registry);

}  // namespace samplerbench::targets
