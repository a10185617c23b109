#pragma once

#include <vector>

#include "core/tensor.h"

namespace samplerbench::samplers {

// The standard deviations of all chains' states in a window, for a diagonal mass matrix.
class PooledScale {
 public:
  // For states of the size and dtype of `states`, [C, D].
  explicit PooledScale(const Tensor& states);

  // Adds `states`, [C, D], contiguous on the CPU, to the window.
  void add(const Tensor& states);

  // The standard deviations, [D], in the dtype of the states, and begins a new window. Stan's shrinkage is
  // applied: variances move towards 0.001 with the weight of five states.
  Tensor take();

 private:
  torch::ScalarType dtype_;
  std::vector<double> sum_;      // [D]
  std::vector<double> squares_;  // [D], of the squares
  int64_t summed_ = 0;
};

}  // namespace samplerbench::samplers
