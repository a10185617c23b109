#include "samplers/training_schedule.h"

#include <algorithm>

#include "core/error.h"
#include "core/nets/schedule.h"

namespace samplerbench::samplers {

OptionTable training_schedule_options() {
  return {
      Option::real("final_rate", 0.01, "learning rates fall to this share, on half a cosine")
          .at_least(0)
          .at_most(1),
      Option::integer("decay_steps", 0, "length of the schedules; 0 for the whole budget").at_least(0),
      Option::real("averaging", 0.998, "what the average of weights keeps a step")
          .at_least(0)
          .at_most(0.999999),
  };
}

TrainingSchedule::TrainingSchedule(const SamplerInput& input)
    : length_(input.options.integer("decay_steps") ? input.options.integer("decay_steps")
                                                   : input.planned_steps),
      spent_(input.spent),
      final_rate_(input.options.real("final_rate")),
      averaging_(input.options.real("averaging")) {}

void TrainingSchedule::require_length() const {
  if (length_ == 0 && !spent_)
    throw InputError(
        "option 'decay_steps' must say how long the schedules are where neither steps nor a budget do");
}

double TrainingSchedule::progress() const {
  return std::min(1.0, length_ == 0 ? spent_() : static_cast<double>(steps_) / static_cast<double>(length_));
}

double TrainingSchedule::rate() const { return final_rate_ + (1 - final_rate_) * half_cosine(progress()); }

void TrainingSchedule::average(Tensor& averaged, const Tensor& trained) const {
  average_into(averaged, trained, averaging_, steps_);
}

}  // namespace samplerbench::samplers
