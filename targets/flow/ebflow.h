#pragma once

#include <memory>
#include <vector>

#include "targets/flow/smooth_leaky_relu.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// The weights of a flow of dense layers, h_l = W_l z_(l-1) + b_l, z_0 = x, z_l = f(h_l), u = h_L, with the
// smooth leaky ReLU f(h) = a h + (1 - a) log(1 + e^h) between them.
struct FlowWeights {
  std::vector<Tensor> matrices;  // L of [D, D] float64
  std::vector<Tensor> biases;    // L of [D] float64
  double slope = kFlowSlope;     // a

  int64_t dim() const { return biases.front().size(0); }
};

// W = Q diag(e^v) with a random rotation Q and v uniform in [-1/2, 1/2]; biases N(0, 1/4).
FlowWeights random_flow(int64_t dim, int64_t layers, uint64_t seed);

// An energy-based flow (Chao et al., arXiv 2305.15267): x is the inverse of the flow at u ~ N(0, I). Its
// energy leaves out what does not depend on x, the determinants of the dense layers:
//   log q(x) = -|u|^2 / 2 - (D / 2) log 2 pi + sum over l < L and coordinates of log f'(h_l)
// so that log Z = -sum of log |det W_l|. Draws are exact: f is inverted by Newton's method to rounding.
Problem ebflow(const FlowWeights& weights);

// Its density alone, which chains evaluate point by point.
std::unique_ptr<const Target> ebflow_density(const FlowWeights& weights);

// ebflow-random
void add_ebflow(TargetRegistry& registry);

}  // namespace samplerbench::targets
