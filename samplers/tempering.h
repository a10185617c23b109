#pragma once

#include "core/options.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

// A target that is tempered in the first part of a training: q to the power of an inverse temperature that
// grows from 1 / first_temperature to 1, geometrically, so that draws find separate modes before they are
// kept apart.
struct Tempering {
  double annealing;          // share of the schedule; 0: never tempered
  double first_temperature;  // where it begins

  // For a sampler that is never tempered unless it is asked to be.
  static OptionTable options();

  // For one that is in that share of its schedule.
  static OptionTable options(double annealing);
  explicit Tempering(const Options& options);

  // Where `progress` in [0, 1] of the training is done.
  double inverse_temperature(double progress) const;

  // The score of the target, [N, D], tempered as it is there: the same tensor where it is not.
  Tensor tempered(const Tensor& score, double progress) const;
};

}  // namespace samplerbench::samplers
