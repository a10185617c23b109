#pragma once

#include <cmath>
#include <numbers>
#include <string>

#include "targets/flow/flow_network.h"

namespace samplerbench::testing {

inline targets::FlowShape small_flow_shape(const std::string& kind, int64_t dim) {
  return {.kind = kind, .dim = dim, .layers = 2, .blocks = 2, .width = 5, .depth = 2};
}

// Weights away from those that a new flow has: [P] float64.
inline Tensor flow_weights_away(const targets::FlowNetwork& network, uint64_t seed, double spread = 0.3) {
  Rng rng(seed);
  Tensor flat = network.initial_weights(rng, torch::kDouble);
  return flat.add_(rng.normal(flat.sizes(), torch::kDouble), spread);
}

// The same as leaves of a graph.
inline Weights tracked(const Weights& weights) {
  Weights leaves;
  for (const Tensor& weight : weights) leaves.push_back(weight.detach().clone().requires_grad_());
  return leaves;
}

// A flow of one linear layer, the law N(mean, covariance): W with W'W the inverse covariance, b = -W mean.
inline Weights gaussian_flow_weights(const Tensor& mean, const Tensor& covariance) {
  const Tensor matrix = at::linalg_inv(at::linalg_cholesky(covariance));
  return {matrix, -matrix.mv(mean)};
}

// log N(u; 0, I): [N, D] -> [N].
inline Tensor log_standard_normal(const Tensor& u) {
  return -u.square().sum(1) / 2 - static_cast<double>(u.size(1)) / 2 * std::log(2 * std::numbers::pi);
}

}  // namespace samplerbench::testing
