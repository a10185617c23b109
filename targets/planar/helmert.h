#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// Helmert's matrix: [n, n - 1] float64, n at least 2. Its columns are orthonormal and sum to 0, so that they
// span the vectors of n numbers that sum to 0. Its rows are the corners of a regular simplex about 0,
// sqrt(2) apart. Column k has k entries 1 / sqrt(k (k + 1)), one -k / sqrt(k (k + 1)), then zeros.
Tensor helmert(int64_t n);

}  // namespace samplerbench::targets
