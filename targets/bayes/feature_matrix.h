#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor.h"

namespace samplerbench::targets {

// A float32 matrix that grows row by row.
class FeatureMatrix {
 public:
  explicit FeatureMatrix(int64_t columns) : columns_(columns) {}

  // Adds a row of zeros [F] and returns it. It is valid until the next row is added.
  float* add_row();

  int64_t columns() const { return columns_; }
  int64_t rows() const { return static_cast<int64_t>(values_.size()) / columns_; }

  // Gives every column mean 0 and population standard deviation 1, computed in double. A constant column
  // becomes zeros.
  void z_score();

  // A copy, [N, F] float32.
  Tensor tensor() const;

 private:
  int64_t columns_;
  std::vector<float> values_;  // row after row
};

}  // namespace samplerbench::targets
