#include "samplers/mcmc/pooled_scale.h"

namespace samplerbench::samplers {

PooledScale::PooledScale(const Tensor& states)
    : sum_(torch::zeros({states.size(1)}, states.options().dtype(torch::kDouble))),
      squares_(torch::zeros_like(sum_)) {}

void PooledScale::add(const Tensor& states) {
  const Tensor x = states.to(torch::kDouble);
  sum_.add_(x.sum(0));
  squares_.add_(x.square().sum(0));
  summed_ += x.size(0);
}

Tensor PooledScale::take() {
  const auto n = static_cast<double>(summed_);
  const Tensor variance = (squares_ / n - (sum_ / n).square()).clamp_min(0);
  sum_.zero_();
  squares_.zero_();
  summed_ = 0;
  return ((n * variance + 5e-3) / (n + 5)).sqrt();
}

}  // namespace samplerbench::samplers
