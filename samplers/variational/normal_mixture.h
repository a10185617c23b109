#pragma once

#include <cstdint>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

// A mixture of K normal laws N(m, L L') with all their covariances. float64 on the CPU.
struct NormalMixture {
  Tensor mean;        // [K, D] m
  Tensor factor;      // [K, D, D] L, lower triangular with a positive diagonal
  Tensor log_weight;  // [K] natural logarithms of weights that sum to 1

  // N(m, scale^2 I) about each row m of `mean`, [K, D], in equal shares.
  static NormalMixture isotropic(const Tensor& mean, double scale);

  int64_t count() const { return mean.size(0); }

  // The components of these indices, [R] int64, with weights in the same ratios that sum to 1.
  NormalMixture rows(const Tensor& indices) const;

  // m + L z of each component: [K, M, D] -> [K, M, D].
  Tensor points_at(const Tensor& z) const;

  // n independent draws: [n, D].
  Tensor draw(int64_t n, Rng& rng) const;

  // The same points in parts, [N, D] -> several [n, D]: so few that those functions below which take K n D
  // numbers are fast and take little memory.
  std::vector<Tensor> parts(const Tensor& x) const;

  // The z of every component at the same points, L^-1 (x - m): [n, D] -> [K, n, D].
  Tensor coordinates_of(const Tensor& x) const;

  // By these coordinates, [K, n, D], the log density of every component, [K, n]. By both, the mixture's
  // score, [n, D].
  Tensor log_densities_at(const Tensor& z) const;
  Tensor score_at(const Tensor& z, const Tensor& log_densities) const;

  // The log density of every component at the same points, [N, D] -> [K, N], and the mixture's, [N, D] ->
  // [N]. Both are differentiable in x.
  Tensor log_densities(const Tensor& x) const;
  Tensor log_density(const Tensor& x) const;

  // The mixture's score: [N, D] -> [N, D].
  Tensor score(const Tensor& x) const;

  // log det L: [K].
  Tensor log_determinants() const;
};

}  // namespace samplerbench::samplers
