#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// A change of coordinates x = mean + factor z.
struct AffineMap {
  Tensor mean;    // [D] float64 on the CPU
  Tensor factor;  // [D, D] float64 on the CPU, lower triangular with a positive diagonal

  // x = scale z.
  static AffineMap scaled(int64_t dim, double scale);

  // The z of each x, in float64 on the CPU or another device: [N, D] -> [N, D].
  Tensor coordinates_of(const Tensor& x) const;

  // log det factor
  double log_determinant() const;
};

}  // namespace samplerbench::targets
