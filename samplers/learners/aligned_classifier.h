#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "samplers/learners/class_chains.h"
#include "samplers/learners/grid_law.h"
#include "samplers/training.h"
#include "targets/classifier/classifier_training.h"

namespace samplerbench::samplers {

// A classifier whose logits are taken for log densities of the classes (Srinivas and Fleuret 2021, arXiv
// 2006.09128). It learns from fresh labelled draws of all classes by the loss of
// targets/classifier/alignment_loss.h; without a regulariser it is an ordinary classifier. It sees a point x
// less `centre`. Law and draws come from an exponential average of the weights. A step takes no work on the
// target. A target without classes counts as one class, whose density the regulariser alone then learns.
//
// draws = grid, in the plane: it learns in float64, and the law that it offers is exp(f_k) of the class k
// that the target stands for, or sum_i exp(f_i) where the target stands for all, in a box that is twice as
// wide as 2,000 draws: a GridLaw.
//
// draws = langevin, in any number of coordinates: it learns in the dtype of the run. A draw is of the class
// that the target stands for, or of one at random: the end of a chain of ClassChains. What the law of such
// draws is, it does not say.
//
// Besides the figures of ClassifierTraining::update(), steps return `accuracy`: the percentage of labels with
// the largest logit, a mean over about the last kAccuracySteps fresh batches, each before it is learnt from.
class AlignedClassifier : public Sampler {
 public:
  // Throws InputError where there are no draws to learn from or they are those that metrics compare with,
  // with draws = grid for a target that does not lie in the plane, and as ClassifierTraining does.
  explicit AlignedClassifier(const SamplerInput& input);

  // Throws InputError where neither decay_steps nor the budget says how long the schedules are.
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;

  // With draws = grid; else empty. Take points of any floating dtype and compute in float64. The score is
  // that of exp(f_k), outside the box too.
  LogDensity log_density() const override;
  LawScore law_score() const override;

  // Its draws and ascents are empty with draws = grid.
  std::optional<ClassModel> class_model() const override;

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  static constexpr int64_t kAccuracySteps = 50;

 private:
  // Of the averaged weights.
  std::shared_ptr<const targets::Target> energy() const;  // at x - centre
  std::shared_ptr<const GridLaw> law() const;             // made once a step at most
  std::shared_ptr<const ClassChains> chains_now() const;

  torch::TensorOptions placement_;
  Training settings_;
  TrainingSchedule schedule_;
  int64_t cells_;
  double centre_;
  bool in_grid_;  // whether draws come from a grid, else from chains
  bool noise_;    // of chains
  ClassChainSettings chain_;
  targets::Classes classes_;
  Box box_;  // of a grid; undefined tensors without one
  targets::ClassifierTraining training_;
  Tensor averaged_;  // [P], float64 with a grid
  double accuracy_ = 0;
  mutable std::shared_ptr<const GridLaw> law_;  // null until it is asked for
};

// aligned-classifier
void add_aligned_classifier(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
