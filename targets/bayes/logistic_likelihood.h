#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// Adds `scale` times sum_n log sigmoid(<row_n, w>) to value [C] and its gradient in w to score [C, d]: rows
// [M, d], weights [C, d]. All are on the CPU and of one dtype, float32 or float64; rows and value are
// contiguous. One chain takes a single pass over the rows, more take matrix products. Builds no graph.
void add_logistic_likelihood(const Tensor& rows, const Tensor& weights, double scale, Tensor& value,
                             Tensor& score);

}  // namespace samplerbench::targets
