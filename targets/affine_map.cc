#include "targets/affine_map.h"

namespace samplerbench::targets {

AffineMap AffineMap::scaled(int64_t dim, double scale) {
  return {.mean = torch::zeros({dim}, torch::kDouble), .factor = scale * torch::eye(dim, torch::kDouble)};
}

Tensor AffineMap::coordinates_of(const Tensor& x) const {
  const Tensor centred = x - mean.to(x.device());
  return at::linalg_solve_triangular(factor.to(x.device()), centred.t(), /*upper=*/false).t().contiguous();
}

double AffineMap::log_determinant() const { return factor.diagonal().log().sum().item<double>(); }

}  // namespace samplerbench::targets
