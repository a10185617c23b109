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
      window_(start) {}

bool WindowedAdaptation::update(const Tensor& states, double acceptance) {
  if (done()) return false;
  ++transitions_;
  search_.update(acceptance);
  step_size_ = done() ? search_.averaged() : search_.step_size();
  if (!in_slow_window()) return false;
  window_.add(states);
  if (!std::binary_search(windows_.begin() + 1, windows_.end(), transitions_)) return false;
  scale_ = window_.take();
  return true;
}

bool WindowedAdaptation::in_slow_window() const {
  return !windows_.empty() && transitions_ > windows_.front() && transitions_ <= windows_.back();
}

void WindowedAdaptation::restart_search(double step_size) {
  step_size_ = step_size;
  search_ = DualAveraging(step_size, target_accept_);
}

}  // namespace samplerbench::samplers
