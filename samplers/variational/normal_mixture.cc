#include "samplers/variational/normal_mixture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace samplerbench::samplers {
namespace {

constexpr int64_t kMostCoordinates = int64_t{1} << 20;  // of a part of the points, over all components

}  // namespace

NormalMixture NormalMixture::isotropic(const Tensor& mean, double scale) {
  const int64_t count = mean.size(0);
  return {.mean = mean,
          .factor = (scale * torch::eye(mean.size(1), torch::kDouble)).repeat({count, 1, 1}),
          .log_weight = torch::full({count}, -std::log(static_cast<double>(count)), torch::kDouble)};
}

NormalMixture NormalMixture::rows(const Tensor& indices) const {
  return {.mean = mean.index_select(0, indices),
          .factor = factor.index_select(0, indices),
          .log_weight = log_weight.index_select(0, indices).log_softmax(0)};
}

Tensor NormalMixture::points_at(const Tensor& z) const {
  return mean.unsqueeze(1) + z.matmul(factor.transpose(1, 2));
}

Tensor NormalMixture::draw(int64_t n, Rng& rng) const {
  const Tensor sums = log_weight.exp().cumsum(0);
  const Tensor at = rng.uniform({n}, torch::kDouble) * sums[-1];
  const Tensor which =
      torch::searchsorted(sums, at, /*out_int32=*/false, /*right=*/true).clamp_max(count() - 1);
  const Tensor z = rng.normal({n, mean.size(1)}, torch::kDouble);
  Tensor x = torch::empty_like(z);
  for (int64_t i = 0; i < count(); ++i) {
    const Tensor own = (which == i).nonzero().squeeze(1);
    if (own.size(0) == 0) continue;
    x.index_copy_(0, own, torch::addmm(mean[i], z.index_select(0, own), factor[i].t()));
  }
  return x;
}

std::vector<Tensor> NormalMixture::parts(const Tensor& x) const {
  return x.split(std::max(kMostCoordinates / mean.numel(), int64_t{1}));
}

Tensor NormalMixture::coordinates_of(const Tensor& x) const {
  const Tensor u = (x.unsqueeze(0) - mean.unsqueeze(1)).transpose(1, 2);  // [K, D, n]
  return at::linalg_solve_triangular(factor, u, /*upper=*/false).transpose(1, 2);
}

Tensor NormalMixture::log_densities_at(const Tensor& z) const {
  const double constant = 0.5 * static_cast<double>(z.size(2)) * std::log(2 * std::numbers::pi);
  return -0.5 * z.square().sum(2) - log_determinants().unsqueeze(1) - constant;
}

// The score of one component is -L^-T z.
Tensor NormalMixture::score_at(const Tensor& z, const Tensor& log_densities) const {
  const Tensor shares = (log_densities + log_weight.unsqueeze(1)).softmax(0);
  const Tensor slopes =
      at::linalg_solve_triangular(factor.transpose(1, 2), z.transpose(1, 2), /*upper=*/true);  // [K, D, n]
  return -(shares.unsqueeze(1) * slopes).sum(0).t();
}

Tensor NormalMixture::log_densities(const Tensor& x) const {
  std::vector<Tensor> found;
  for (const Tensor& part : parts(x)) found.push_back(log_densities_at(coordinates_of(part)));
  return torch::cat(found, 1);
}

Tensor NormalMixture::log_density(const Tensor& x) const {
  return torch::logsumexp(log_densities(x) + log_weight.unsqueeze(1), 0);
}

Tensor NormalMixture::score(const Tensor& x) const {
  std::vector<Tensor> found;
  for (const Tensor& part : parts(x)) {
    const Tensor z = coordinates_of(part);
    found.push_back(score_at(z, log_densities_at(z)));
  }
  return torch::cat(found);
}

Tensor NormalMixture::log_determinants() const { return factor.diagonal(0, 1, 2).log().sum(1); }

}  // namespace samplerbench::samplers
