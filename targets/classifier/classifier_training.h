#pragma once

#include "core/json.h"
#include "core/nets/adam.h"
#include "targets/classifier/alignment_loss.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// A classifier that Adam trains by alignment_loss(). The weights lie in one flat tensor.
class ClassifierTraining {
 public:
  // Starts from `weights` [P], whose dtype and device are those of all. Throws as require_usable() does.
  ClassifierTraining(const ClassifierShape& shape, const AlignmentSettings& settings,
                     const AdamSettings& adam, Tensor weights);
  ClassifierTraining(const ClassifierTraining&) = delete;
  ClassifierTraining& operator=(const ClassifierTraining&) = delete;

  // Updates the weights once by `rate` times the learning rate; the batch has the weights' dtype and device.
  // Returns the figures of the batch before the update: loss, cross_entropy (nats), accuracy (%), gradient
  // (the norm in the weights) and, where the regulariser needs them, trace and logit_gradient, the mean of
  // |grad f|^2. Throws Diverged where one is not finite.
  Json update(const LabelledDraws& batch, double rate, Rng& rng);

  const ClassifierNetwork& network() const { return network_; }
  Tensor& weights() { return weights_; }
  const Tensor& weights() const { return weights_; }
  int64_t updates() const { return adam_.updates(); }

  // The weights and the optimiser's state.
  void save(Archive& archive) const;
  void load(const Archive& archive);

 private:
  ClassifierNetwork network_;
  AlignmentSettings settings_;
  Tensor weights_;  // [P]
  Adam adam_;
  Weights leaves_;  // views of the weights that gradients are taken in
};

}  // namespace samplerbench::targets
