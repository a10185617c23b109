#include "samplers/training_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"

namespace samplerbench::samplers {

OptionTable training_schedule_options() {
  return {
      Option::real("final_rate", 0.01, "share of the learning rates that the half cosine ends at")
          .at_least(0)
          .at_most(1),
      Option::integer("decay_steps", 0,
                      "steps that the schedules take; 0 for the steps that the budget allows")
          .at_least(0),
      Option::real("averaging", 0.998,
                   "exponential average of the parameters that draws come from; 0 for none")
          .at_least(0)
          .at_most(0.999999),
  };
}

TrainingSchedule::TrainingSchedule(const SamplerInput& input)
    : length_(input.options.integer("decay_steps") ? input.options.integer("decay_steps")
                                                   : input.planned_steps),
      final_rate_(input.options.real("final_rate")),
      averaging_(input.options.real("averaging")) {}

void TrainingSchedule::require_length() const {
  if (length_ == 0)
    throw InputError(
        "option 'decay_steps' must say how long the schedules are where the budget names no steps");
}

double TrainingSchedule::progress() const {
  return std::min(1.0, static_cast<double>(steps_) / static_cast<double>(length_));
}

double TrainingSchedule::rate() const {
  return final_rate_ + (1 - final_rate_) * 0.5 * (1 + std::cos(std::numbers::pi * progress()));
}

void TrainingSchedule::average(Tensor& averaged, const Tensor& trained) const {
  const double warm = (1.0 + static_cast<double>(steps_)) / (10.0 + static_cast<double>(steps_));
  averaged.lerp_(trained, averaging_ > 0 ? 1 - std::min(averaging_, warm) : 1.0);
}

}  // namespace samplerbench::samplers
