#pragma once

#include <string>

#include "samplers/training.h"
#include "samplers/variational/affine_flow.h"

namespace samplerbench::samplers {

// A sampler whose draws are of a RealNVP flow, see AffineFlow, that is trained by Adam with clipping and a
// half-cosine rate. Draws and their exact density come from an exponential average of the weights. A subclass
// writes step(): what is descended, and by which points.
class FlowSampler : public Sampler {
 public:
  // Those of Training, with rates for a flow, and the group `flow`.
  static OptionTable options();

  // Throws InputError, which names the sampler by `name`, for a target with one coordinate: a coupling needs
  // two halves.
  FlowSampler(const SamplerInput& input, const std::string& name);

  Tensor draw(int64_t n, Rng& rng) override;

  // Takes points of any floating dtype and computes in float64.
  LogDensity log_density() const override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  const Training& training() const { return training_; }
  const TrainingSchedule& schedule() const { return schedule_; }

  // The flow that is trained.
  const AffineFlow& flow() const { return flow_; }

  // [P], in the weights of flow(). Fill it before descend().
  Tensor& gradient() { return adam_.gradient(); }

  // One update of the weights, which counts as a step of the schedule. Returns the gradient's norm, [].
  Tensor descend();

  // Moves the average towards the weights. Once after each update.
  void average() { schedule_.average(averaged_.parameters(), flow_.parameters()); }

 private:
  Training training_;
  TrainingSchedule schedule_;
  AffineFlow flow_;
  AffineFlow averaged_;
  Adam adam_;
};

}  // namespace samplerbench::samplers
