#include "core/nets/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace samplerbench {

double half_cosine(double progress) { return 0.5 * (1 + std::cos(std::numbers::pi * progress)); }

double staircase(double gamma, int64_t passes, int64_t milestone) {
  return std::pow(gamma, static_cast<double>(std::min(passes, milestone - 1)));
}

void average_into(Tensor& averaged, const Tensor& trained, double kept, int64_t updates) {
  torch::NoGradGuard no_grad;
  const auto n = static_cast<double>(updates);
  averaged.lerp_(trained, 1 - std::min(kept, (1 + n) / (10 + n)));
}

}  // namespace samplerbench
