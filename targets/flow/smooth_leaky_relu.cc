#include "targets/flow/smooth_leaky_relu.h"

namespace samplerbench::targets {

Tensor smooth_leaky_relu(const Tensor& h, double slope) {
  return slope * h + (1 - slope) * torch::softplus(h);
}

Tensor inverse_smooth_leaky_relu(const Tensor& y, double slope, int steps) {
  torch::NoGradGuard no_grad;
  // f is convex and above a h, and above h where that is positive: from this side Newton's steps do not
  // overshoot.
  Tensor h = torch::minimum(y / slope, y.clamp_min(0));
  for (int i = 0; i < steps; ++i) {
    const Tensor excess = smooth_leaky_relu(h, slope) - y;
    h = h - excess / (slope + (1 - slope) * torch::sigmoid(h));
  }
  return h;
}

}  // namespace samplerbench::targets
