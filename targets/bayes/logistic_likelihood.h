#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// Adds `scale` times sum_n log sigmoid(<row_n, w>) to value [C] and its gradient in w to the first d numbers
// of each row of score [C, dim]: rows [M, d] contiguous on the CPU; the weights w of each of the C chains are
// the first d numbers of its row of points [C, dim]. All are of one dtype, T: float or double. One chain
// takes a single pass over the rows, more take matrix products. Builds no graph.
template <class T>
void add_logistic_likelihood(const Tensor& rows, double scale, int64_t chains, int64_t dim, const T* points,
                             T* value, T* score);

}  // namespace samplerbench::targets
