#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// The options final_rate, decay_steps and averaging, which every sampler that is trained by gradient steps
// has.
OptionTable training_schedule_options();

// How far a training is, and what follows from it: the learning rates, on half a cosine, and how much an
// exponential average of the parameters keeps.
class TrainingSchedule {
 public:
  explicit TrainingSchedule(const SamplerInput& input);

  // Throws InputError where neither an option nor the budget says how long the schedule is.
  void require_length() const;

  void advance() { ++steps_; }
  int64_t steps() const { return steps_; }

  double progress() const;  // share of the schedule that is done, in [0, 1]
  double rate() const;      // factor of all learning rates

  // Moves `averaged` towards `trained`, [P] both; equal to it where there is no averaging.
  void average(Tensor& averaged, const Tensor& trained) const;

 private:
  int64_t length_;                 // steps; 0: as long as the budget lasts
  std::function<double()> spent_;  // share of the budget
  double final_rate_;
  double averaging_;
  int64_t steps_ = 0;
};

}  // namespace samplerbench::samplers
