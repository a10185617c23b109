#include "samplers/training.h"

namespace samplerbench::samplers {

OptionTable Training::options() {
  return grouped(
      "training",
      joined({{Option::integer("batch", 512, "points a step").at_least(2),
               Option::real("learning_rate", 1e-3, "Adam's, at the beginning").above(0),
               Option::real("beta1", 0.0, "Adam's average of gradients").at_least(0).at_most(0.9999),
               Option::real("beta2", 0.99, "Adam's average of squares").at_least(0).at_most(0.999999),
               Option::real("clip", 10.0, "longest norm of a gradient; 0 for none").at_least(0)},
              training_schedule_options()}));
}

Training::Training(const Options& options)
    : batch(options.integer("batch")),
      learning_rate(options.real("learning_rate")),
      beta1(options.real("beta1")),
      beta2(options.real("beta2")),
      clip(options.real("clip")) {}

AdamSettings Training::adam(double rate) const {
  return {.learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .clip = clip};
}

}  // namespace samplerbench::samplers
