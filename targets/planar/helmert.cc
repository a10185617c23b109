#include "targets/planar/helmert.h"

#include <cmath>

namespace samplerbench::targets {
namespace {

// sqrt(k (k + 1)), k at least 1.
double column_length(int64_t k) {
  const auto entries = static_cast<double>(k);
  return std::sqrt(entries * (entries + 1));
}

}  // namespace

Tensor helmert(int64_t n) {
  Tensor matrix = torch::zeros({n, n - 1}, torch::kDouble);
  for (int64_t k = 1; k < n; ++k) {
    const double length = column_length(k);
    Tensor column = matrix.select(1, k - 1);
    column.slice(0, 0, k).fill_(1 / length);
    column.slice(0, k, k + 1).fill_(-static_cast<double>(k) / length);
  }
  return matrix;
}

HelmertProducts::HelmertProducts(int64_t n) : scale_(static_cast<size_t>(n)) {
  for (int64_t k = 1; k < n; ++k) scale_[static_cast<size_t>(k)] = 1 / column_length(k);
}

}  // namespace samplerbench::targets
