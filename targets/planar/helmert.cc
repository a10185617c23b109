#include "targets/planar/helmert.h"

#include <cmath>

namespace samplerbench::targets {

Tensor helmert(int64_t n) {
  Tensor matrix = torch::zeros({n, n - 1}, torch::kDouble);
  for (int64_t k = 1; k < n; ++k) {
    const auto entries = static_cast<double>(k);
    const double length = std::sqrt(entries * (entries + 1));
    Tensor column = matrix.select(1, k - 1);
    column.slice(0, 0, k).fill_(1 / length);
    column.slice(0, k, k + 1).fill_(-entries / length);
  }
  return matrix;
}

}  // namespace samplerbench::targets
