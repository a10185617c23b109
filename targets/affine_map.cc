#include "targets/affine_map.h"

namespace samplerbench::targets {

AffineMap AffineMap::scaled(int64_t dim, double scale) {
  return {.mean = torch::zeros({dim}, torch::kDouble), .factor = scale * torch::eye(dim, torch::kDouble)};
}

Tensor AffineMap::points_at(const Tensor& z) const {
  return torch::matmul(z, factor.t().to(z.options())) + mean.to(z.options());
}

Tensor AffineMap::coordinates_of(const Tensor& x) const {
  const Tensor centred = x - mean.to(x.device());
  return at::linalg_solve_triangular(factor.to(x.device()), centred.t(), /*upper=*/false).t().contiguous();
}

Tensor AffineMap::score_at_points(const Tensor& score) const {
  const Tensor inner = score.to(torch::kDouble);
  return at::linalg_solve_triangular(factor.to(inner.device()), inner, /*upper=*/false, /*left=*/false);
}

double AffineMap::log_determinant() const { return factor.diagonal().log().sum().item<double>(); }

void AffineMap::save(Archive& archive, const std::string& name) const {
  archive.put(name + "_mean", mean);
  archive.put(name + "_factor", factor);
}

AffineMap AffineMap::restored(const Archive& archive, const std::string& name, int64_t dim) {
  AffineMap map = scaled(dim, 1);
  archive.restore(name + "_mean", map.mean);
  archive.restore(name + "_factor", map.factor);
  return map;
}

}  // namespace samplerbench::targets
