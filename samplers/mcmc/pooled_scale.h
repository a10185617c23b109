#pragma once

#include "core/tensor.h"

namespace samplerbench::samplers {

// The standard deviations of all chains' states in a window, for a diagonal mass matrix.
class PooledScale {
 public:
  // For states of the size, dtype and device of `states`, [C, D].
  explicit PooledScale(const Tensor& states);

  // Adds `states`, [C, D], to the window.
  void add(const Tensor& states);

  // The standard deviations, [D], and begins a new window. Stan's shrinkage is applied: variances move
  // towards 0.001 with the weight of five states.
  Tensor take();

 private:
  Tensor sum_;      // [D] float64
  Tensor squares_;  // [D] float64, of the squares
  int64_t summed_ = 0;
};

}  // namespace samplerbench::samplers
