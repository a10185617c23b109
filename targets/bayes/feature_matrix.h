#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor.h"

namespace samplerbench::targets {

// A matrix of float32 that is read row by row, without knowing how many there will be.
class FeatureMatrix {
 public:
  explicit FeatureMatrix(int64_t columns) : columns_(columns) {}

  // A further row of zeros [F], to be written to until the next is added.
  float* add_row();

  int64_t columns() const { return columns_; }
  int64_t rows() const { return static_cast<int64_t>(values_.size()) / columns_; }

  // Gives every column mean 0 and population standard deviation 1, reckoned in double; a column of one value
  // becomes zeros.
  void z_score();

  // A copy, [N, F] float32.
  Tensor tensor() const;

 private:
  int64_t columns_;
  std::vector<float> values_;  // row after row
};

}  // namespace samplerbench::targets
