#include "samplers/mcmc/pooled_scale.h"

#include <algorithm>
#include <cmath>

#include "samplers/mcmc/plain_target.h"

namespace samplerbench::samplers {

PooledScale::PooledScale(const Tensor& states)
    : dtype_(states.scalar_type()), sum_(states.size(1)), squares_(states.size(1)) {}

void PooledScale::add(const Tensor& states) {
  with_numbers_of(states, [&](auto zero) {
    const auto* x = states.data_ptr<decltype(zero)>();
    for (int64_t i = 0; i < states.size(0); ++i)
      for (size_t k = 0; k < sum_.size(); ++k) {
        const double here = *x++;
        sum_[k] += here;
        squares_[k] += here * here;
      }
  });
  summed_ += states.size(0);
}

Tensor PooledScale::take() {
  const auto n = static_cast<double>(summed_);
  Tensor scale = torch::empty({static_cast<int64_t>(sum_.size())}, torch::kDouble);
  for (size_t k = 0; k < sum_.size(); ++k) {
    const double mean = sum_[k] / n, variance = std::max(squares_[k] / n - mean * mean, 0.0);
    scale.data_ptr<double>()[k] = std::sqrt((n * variance + 5e-3) / (n + 5));
  }
  std::fill(sum_.begin(), sum_.end(), 0);
  std::fill(squares_.begin(), squares_.end(), 0);
  summed_ = 0;
  return scale.to(dtype_);
}

}  // namespace samplerbench::samplers
