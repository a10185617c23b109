#pragma once

#include "core/nets/adam.h"
#include "samplers/training_schedule.h"

namespace samplerbench::samplers {

// What every sampler that is trained by Adam on batches of draws is set by.
struct Training {
  int64_t batch;
  double learning_rate;
  double beta1;
  double beta2;
  double clip;  // longest norm of a gradient; 0 for none

  // batch, learning_rate, beta1, beta2, clip and those of training_schedule_options().
  static OptionTable options();

  explicit Training(const Options& options);

  // Adam with another learning rate, as a second network may have one.
  AdamSettings adam(double learning_rate) const;
  AdamSettings adam() const { return adam(learning_rate); }
};

}  // namespace samplerbench::samplers
