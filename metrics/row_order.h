#pragma once

#include "core/tensor.h"

namespace samplerbench::metrics {

// The rows of x [N, D] float64, which are finite, in lexicographic order: [N] int64. Random numbers go to the
// draws in it, so that the order in which a sampler returns them does not matter.
Tensor sorted_order(const Tensor& x);

}  // namespace samplerbench::metrics
