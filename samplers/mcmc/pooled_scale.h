#pragma once

#include "core/tensor.h"

namespace samplerbench::samplers {

// Standard deviations of a window's states, of all chains together: a diagonal mass matrix.
class PooledScale {
 public:
  // For states like `states`, [C, D], whose size, dtype and device count.
  explicit PooledScale(const Tensor& states);

  // Adds `states`, [C, D], to the window.
  void add(const Tensor& states);

  // [D], with Stan's shrinkage of a variance towards 0.001 by the weight of five states. Begins a new window.
  Tensor take();

 private:
  Tensor sum_;      // [D] float64
  Tensor squares_;  // [D] float64, of the squares
  int64_t summed_ = 0;
};

}  // namespace samplerbench::samplers
