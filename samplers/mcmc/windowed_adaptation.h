#pragma once

#include <vector>

#include "core/tensor.h"
#include "samplers/mcmc/dual_averaging.h"
#include "samplers/mcmc/pooled_scale.h"

namespace samplerbench::samplers {

// Transitions at which the slow windows of Stan's warm-up begin and end: the first boundary ends the fast
// buffer, the last begins the final one. A window is twice as long as the one before, the last takes what is
// left. For 1000: 75, 100, 150, 250, 450, 950. Below 150 the buffers shrink to 15 % and 10 %; below 20 there
// are none. Stan Reference Manual, "HMC algorithm parameters".
std::vector<int64_t> slow_windows(int64_t warmup);

// Stan's warm-up for chains that share one step size and one diagonal mass matrix: dual averaging of the step
// size throughout, and at the end of each slow window the variances of that window's states, of all chains
// together.
class WindowedAdaptation {
 public:
  // For states of the size and dtype of `start`, [C, D], contiguous on the CPU.
  WindowedAdaptation(const Tensor& start, int64_t warmup, double step_size, double target_accept);

  // Called after a transition that led to `states`, [C, D], with mean acceptance in [0, 1]. Returns whether
  // the scale has changed; the caller then seeks the step size anew. Does nothing once the warm-up is over.
  bool update(const Tensor& states, double acceptance);

  // Begins the search for a step size anew, from this one.
  void restart_search(double step_size);

  bool done() const { return transitions_ >= warmup_; }
  double step_size() const { return step_size_; }

  // Standard deviations that the mass matrix stands for: [D].
  const Tensor& scale() const { return scale_; }

 private:
  bool in_slow_window() const;

  int64_t warmup_;
  double target_accept_;
  std::vector<int64_t> windows_;
  DualAveraging search_;
  double step_size_;
  int64_t transitions_ = 0;
  Tensor scale_;  // [D]
  PooledScale window_;
};

}  // namespace samplerbench::samplers
