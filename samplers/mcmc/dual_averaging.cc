#include "samplers/mcmc/dual_averaging.h"

#include <cmath>

namespace samplerbench::samplers {
namespace {

constexpr double kGamma = 0.05;
constexpr double kOffset = 10;
constexpr double kKappa = 0.75;

}  // namespace

DualAveraging::DualAveraging(double step_size, double target)
    : target_(target),
      centre_(std::log(10 * step_size)),
      step_size_(step_size),
      log_averaged_(std::log(step_size)) {}

void DualAveraging::update(double acceptance) {
  const auto t = static_cast<double>(++updates_);
  const double share = 1 / (t + kOffset);
  error_ += share * (target_ - acceptance - error_);
  const double log_step = centre_ - std::sqrt(t) / kGamma * error_;
  const double weight = std::pow(t, -kKappa);
  log_averaged_ += weight * (log_step - log_averaged_);
  step_size_ = std::exp(log_step);
}

double DualAveraging::averaged() const { return std::exp(log_averaged_); }

}  // namespace samplerbench::samplers
