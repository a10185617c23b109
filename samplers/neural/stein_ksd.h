#pragma once

#include "samplers/neural/generator_sampler.h"

namespace samplerbench::samplers {

enum class SteinKernel {
  rbf,  // exp(-r^2 / (2 l^2))
  imq   // (1 + r^2 / l^2)^(-1/2)
};

enum class SteinStatistic { v, u };

// The squared kernel Stein discrepancy of points x with the target's scores there, both [N, D]: the mean of
//   u(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + tr grad_x grad_y k
// over all pairs (v) or over i != j (u). [] in float64, differentiable in x and in the scores. Memory O(N^2).
// `score` and `other_score` are the same, or of two independent minibatches, which leave no bias in any pair.
Tensor kernel_stein_discrepancy(const Tensor& x, const Tensor& score, const Tensor& other_score,
                                SteinKernel kernel, double length, SteinStatistic statistic);

// `stein-ksd`: a generator that minimises the squared kernel Stein discrepancy of its draws (KSD-NS of Hu,
// Chen, Sun, Bai, Ye and Cheng, arXiv 1810.03545), through the target's scores too. It needs no model.
//
// Target work a step, a point: 1 score and 1 Hessian-vector product; with `halves` 2 of each.
void add_stein_ksd(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
