#include "samplers/mean_of_z.h"

#include <algorithm>
#include <cmath>

namespace samplerbench::samplers {

LogZ mean_weight(const Tensor& log_weights) {
  const double largest = log_weights.max().item<double>();
  if (std::isinf(largest)) return {.value = largest, .standard_error = 0};
  const Tensor weights = (log_weights - largest).exp();
  const double mean = weights.mean().item<double>();
  const double variance = weights.var(0, /*unbiased=*/false).item<double>();
  return {.value = largest + std::log(mean),
          .standard_error = std::sqrt(variance / static_cast<double>(weights.size(0))) / mean};
}

void MeanOfZ::add(const LogZ& estimate) {
  ++count_;
  if (std::isinf(estimate.value) && estimate.value < 0) return;
  if (sum_ == 0) peak_ = estimate.value;
  if (estimate.value > peak_) {
    const double factor = std::exp(peak_ - estimate.value);
    sum_ *= factor;
    squares_ *= factor * factor;
    errors_ *= factor * factor;
    peak_ = estimate.value;
  }
  const double z = std::exp(estimate.value - peak_), error = z * estimate.standard_error;
  sum_ += z;
  squares_ += z * z;
  errors_ += error * error;
}

LogZ MeanOfZ::value() const {
  const auto n = static_cast<double>(count_);
  const double spread = count_ > 1 ? (n * squares_ - sum_ * sum_) / (n - 1) : 0;
  return {.value = peak_ + std::log(sum_ / n), .standard_error = std::sqrt(std::max(errors_, spread)) / sum_};
}

}  // namespace samplerbench::samplers
