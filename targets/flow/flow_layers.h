#pragma once

#include <memory>

#include "targets/flow/flow_layer.h"

namespace samplerbench::targets {

enum class LinearStart {
  negative_identity,  // W = -I, b = 1, as in the released code of Chao et al.
  rotation            // W uniformly random orthogonal, b = 0
};

// y = W x + b. Its Jacobian is constant.
std::unique_ptr<FlowLayer> linear_layer(int64_t dim, LinearStart start);

// y = exp(s) x + b, coordinate by coordinate (actnorm: Kingma and Dhariwal 2018, arXiv 1807.03039); starts as
// the identity. Its Jacobian is constant.
std::unique_ptr<FlowLayer> actnorm_layer(int64_t dim);

// The smooth leaky ReLU with a = kFlowSlope of every coordinate. It has no weights.
std::unique_ptr<FlowLayer> smooth_leaky_relu_layer();

// An affine coupling (Dinh, Sohl-Dickstein and Bengio 2017, arXiv 1605.08803): the first D / 2 coordinates,
// rounded down, or the rest stay as they are, k, and the others, c, become exp(2 tanh(r(k) / 2)) c + t(k). r
// and t are perceptrons with SiLU, `depth` hidden layers of `width` units each; the layer starts as the
// identity. D is at least 2.
std::unique_ptr<FlowLayer> coupling_layer(int64_t dim, bool changes_the_rest, int64_t width, int64_t depth);

// The grey levels of a pixel, 0 to 255, made continuous by noise, lie in [0, kGreyLevels).
inline constexpr double kGreyLevels = 256;

// From grey levels x in [0, 256) to log(z / (1 - z)) / alpha with z = (x / 256 + 1e-6) (1 - 2e-6), as the
// released code of Chao et al. prepares images. A level outside [0, 256] counts as the nearest inside, so
// that a density is constant there. It has no weights.
std::unique_ptr<FlowLayer> pixel_logit_layer(int64_t dim, double alpha);

}  // namespace samplerbench::targets
