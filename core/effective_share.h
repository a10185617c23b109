#pragma once

#include <limits>

#include "core/tensor.h"

namespace samplerbench {

// (sum w)^2 / (n sum w^2) of w = exp(log_weights), [n] float64, in [1 / n, 1]; 0 if all weights are 0, NaN if
// one is NaN. Kong 1992.
inline double effective_share(const Tensor& log_weights) {
  const double largest = log_weights.max().item<double>();
  if (largest == -std::numeric_limits<double>::infinity()) return 0;
  const Tensor weights = (log_weights - largest).exp();
  const double mean = weights.mean().item<double>();
  return mean * mean / weights.square().mean().item<double>();
}

}  // namespace samplerbench
