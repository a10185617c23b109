#pragma once

#include <cstddef>
#include <vector>

#include "core/tensor.h"

namespace samplerbench::targets {

// Helmert's matrix: [n, n - 1] float64, n at least 2. Its columns are orthonormal and sum to 0, so that they
// span the vectors of n numbers that sum to 0. Its rows are the corners of a regular simplex about 0,
// sqrt(2) apart. Column k has k entries 1 / sqrt(k (k + 1)), one -k / sqrt(k (k + 1)), then zeros.
Tensor helmert(int64_t n);

// Products with that matrix B in about 4 n operations, on plain buffers.
class HelmertProducts {
 public:
  // n at least 2.
  explicit HelmertProducts(int64_t n);

  // p = B y: of y [n - 1], whose numbers stand `stride` apart, to p [n].
  template <class T>
  void apply(const T* y, size_t stride, double* p) const {
    double later = 0;
    for (size_t k = scale_.size() - 1; k > 0; --k) {
      const double share = scale_[k] * y[(k - 1) * stride];
      p[k] = later - static_cast<double>(k) * share;
      later += share;
    }
    p[0] = later;
  }

  // y = B' p: of p [n] to y [n - 1], whose numbers stand `stride` apart.
  template <class T>
  void apply_transposed(const double* p, T* y, size_t stride) const {
    double before = p[0];
    for (size_t k = 1; k < scale_.size(); ++k) {
      y[(k - 1) * stride] = static_cast<T>(scale_[k] * (before - static_cast<double>(k) * p[k]));
      before += p[k];
    }
  }

 private:
  std::vector<double> scale_;  // [n], 1 / sqrt(k (k + 1)) from k = 1 on
};

}  // namespace samplerbench::targets
