#include "samplers/mcmc/windowed_adaptation.h"

#include <algorithm>

namespace samplerbench::samplers {

std::vector<int64_t> slow_windows(int64_t warmup) {
  if (warmup < 20) return {};
  int64_t begin = 75, length = 25, rest = 50;
  if (begin + length + rest > warmup) {
    begin = warmup * 15 / 100;
    rest = warmup / 10;
    length = warmup - begin - rest;
  }
  const int64_t finish = warmup - rest;
  std::vector<int64_t> boundaries{begin};
  for (int64_t end = begin + length; end < finish; end += length) {
    if (boundaries.size() > 1 && end + 2 * length > finish) break;
    boundaries.push_back(end);
    length *= 2;
  }
  boundaries.push_back(finish);
  return boundaries;
}

WindowedAdaptation::WindowedAdaptation(const Tensor& start, int64_t warmup, double step_size,
                                       double target_accept)
    : warmup_(warmup),
      target_accept_(target_accept),
      windows_(slow_windows(warmup)),
      search_(step_size, target_accept),
      step_size_(step_size),
      scale_(torch::ones({start.size(1)}, start.options())),
      sum_(torch::zeros({start.size(1)}, start.options().dtype(torch::kFloat64))),
      squares_(torch::zeros_like(sum_)) {}

bool WindowedAdaptation::update(const Tensor& states, double acceptance) {
  if (done()) return false;
  ++transitions_;
  search_.update(acceptance);
  step_size_ = done() ? search_.averaged() : search_.step_size();
  if (!in_slow_window()) return false;
  const Tensor x = states.to(torch::kFloat64);
  sum_.add_(x.sum(0));
  squares_.add_(x.square().sum(0));
  summed_ += x.size(0);
  if (!std::binary_search(windows_.begin() + 1, windows_.end(), transitions_)) return false;
  estimate_scale();
  return true;
}

bool WindowedAdaptation::in_slow_window() const {
  return !windows_.empty() && transitions_ > windows_.front() && transitions_ <= windows_.back();
}

// Stan's shrinkage of a variance towards 0.001, by the weight of five states.
void WindowedAdaptation::estimate_scale() {
  const auto n = static_cast<double>(summed_);
  const Tensor variance = (squares_ / n - (sum_ / n).square()).clamp_min(0);
  scale_ = ((n * variance + 5e-3) / (n + 5)).sqrt().to(scale_.scalar_type());
  sum_.zero_();
  squares_.zero_();
  summed_ = 0;
}

void WindowedAdaptation::restart_search(double step_size) {
  step_size_ = step_size;
  search_ = DualAveraging(step_size, target_accept_);
}

}  // namespace samplerbench::samplers
