#pragma once

#include <functional>

#include "targets/problem.h"

namespace samplerbench::targets {

// sum_m w_m N(mu_m, sd^2 I) in the plane, normalised, with log Z, moments, exact draws and modes. A draw
// belongs to the mode with the nearest mean. A mode's weight is the mass of that cell, not w_m, because
// neighbours may overlap. `means`: [M, 2] float64; `weights`: [M] float64, sums to 1.
Problem gaussian_mixture(const Tensor& means, const Tensor& weights, double sd);

// Parts of such a problem, in any dimension: `means` [M, D].
Moments mixture_moments(const Tensor& means, const Tensor& weights, double sd);
std::function<Tensor(int64_t, Rng&)> mixture_draws(const Tensor& means, const Tensor& weights, double sd);

// Which mean is the nearest to each row of x, [N, D] -> [N] int64; -1 where none is nearer than `reach`.
Tensor nearest_mean(const Tensor& means, double reach, const Tensor& x);

// M equal Gaussians N(mu_m, sd^2 I).
struct EqualMixture {
  Tensor means;  // [M, 2] float64
  double sd = 1;
};

Problem gaussian_mixture(const EqualMixture& mixture);
Definition definition_of(const EqualMixture& mixture);

}  // namespace samplerbench::targets
