#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "samplers/learners/grid_law.h"
#include "samplers/training.h"
#include "targets/classifier/classifier_training.h"

namespace samplerbench::samplers {

// A classifier whose logits are taken for log densities of the classes (Srinivas and Fleuret 2021, arXiv
// 2006.09128). It learns from fresh labelled draws of all classes, in float64, by the loss of
// targets/classifier/alignment_loss.h; without a regulariser it is an ordinary classifier. The law that it
// offers is exp(f_k) of the class k that the target stands for, or sum_i exp(f_i) where the target stands for
// all, in a box that is twice as wide as 2,000 draws: a GridLaw. Law and draws come from an exponential
// average of the weights. A step takes no work on the target. A target without classes counts as one class,
// whose density the regulariser alone then learns.
//
// Besides the figures of ClassifierTraining::update(), steps return `accuracy`: the percentage of labels with
// the largest logit, a mean over about the last kAccuracySteps fresh batches, each before it is learnt from.
class AlignedClassifier : public Sampler {
 public:
  // Throws InputError where there are no exact draws, where they come from a pool, and for a target that does
  // not lie in the plane.
  explicit AlignedClassifier(const SamplerInput& input);

  // Throws InputError where neither decay_steps nor the budget says how long the schedules are.
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;

  // Take points of any floating dtype and compute in float64. The score is that of exp(f_k), outside the box
  // too.
  LogDensity log_density() const override;
  LawScore law_score() const override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  static constexpr int64_t kAccuracySteps = 50;

 private:
  std::shared_ptr<const targets::Target> energy() const;  // of the averaged weights
  std::shared_ptr<const GridLaw> law() const;             // made once a step at most

  torch::TensorOptions placement_;
  Training settings_;
  TrainingSchedule schedule_;
  int64_t cells_;
  targets::Classes classes_;
  Box box_;
  targets::ClassifierTraining training_;
  Tensor averaged_;  // [P] float64
  double accuracy_ = 0;
  mutable std::shared_ptr<const GridLaw> law_;  // null until it is asked for
};

// aligned-classifier
void add_aligned_classifier(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
