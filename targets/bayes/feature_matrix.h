#pragma once

#include <cstdint>
#include <vector>

#include "core/tensor.h"

namespace samplerbench::targets {

// A matrix of float or double that grows row by row.
template <class Number>
class FeatureMatrix {
 public:
  explicit FeatureMatrix(int64_t columns) : columns_(columns) {}

  // Adds a row of zeros [F] and returns it. It is valid until the next row is added.
  Number* add_row() {
    values_.resize(values_.size() + columns_);
    return &values_[values_.size() - columns_];
  }

  int64_t columns() const { return columns_; }
  int64_t rows() const { return static_cast<int64_t>(values_.size()) / columns_; }
  const std::vector<Number>& values() const { return values_; }  // row after row

  // A copy, [N, F] float32.
  Tensor tensor() const {
    // from_blob takes no pointer to const; the copy is made at once.
    Number* values = const_cast<Number*>(values_.data());
    return torch::from_blob(values, {rows(), columns_}, c10::CppTypeToScalarType<Number>::value)
        .to(torch::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }

 private:
  int64_t columns_;
  std::vector<Number> values_;
};

// The matrix with every column brought to mean 0 and population standard deviation 1, computed in double:
// [N, F] float32. A column is constant, and becomes zeros, where no value is farther from its mean than 2^-46
// (1.4e-14) of the largest magnitude: that is rounding.
Tensor z_scored(const FeatureMatrix<double>& matrix);

}  // namespace samplerbench::targets
