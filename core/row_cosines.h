#pragma once

#include <limits>

#include "core/tensor.h"

namespace samplerbench {

// The cosine of the angle between x and y, row by row, 0 where one of them is 0: [N, D], [N, D] float64 ->
// [N].
inline Tensor row_cosines(const Tensor& x, const Tensor& y) {
  const auto direction = [](const Tensor& rows) {
    return rows / rows.norm(2, 1, true).clamp_min(std::numeric_limits<double>::min());
  };
  return (direction(x) * direction(y)).sum(1);
}

}  // namespace samplerbench
