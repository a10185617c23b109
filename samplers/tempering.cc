#include "samplers/tempering.h"

#include <cmath>

namespace samplerbench::samplers {

OptionTable Tempering::options(double annealing) {
  return {Option::real("annealing", annealing, "share of the schedule in which the target is tempered")
              .at_least(0)
              .at_most(1),
          Option::real("first_temperature", 10.0, "where that begins: the target to the power of its inverse")
              .at_least(1)
              .unless("annealing", 0)};
}

OptionTable Tempering::options() {
  OptionTable table = options(0);
  for (Option& option : table) option.added = true;
  return grouped("training", table);
}

Tempering::Tempering(const Options& options)
    : annealing(options.real("annealing")), first_temperature(options.real("first_temperature")) {}

double Tempering::inverse_temperature(double progress) const {
  return progress >= annealing ? 1 : std::pow(first_temperature, progress / annealing - 1);
}

Tensor Tempering::tempered(const Tensor& score, double progress) const {
  const double power = inverse_temperature(progress);
  return power == 1 ? score : power * score;
}

}  // namespace samplerbench::samplers
