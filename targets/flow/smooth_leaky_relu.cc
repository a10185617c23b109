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
  Tensor excess = torch::empty_like(h), derivative = torch::empty_like(h);
  for (int i = 0; i < steps; ++i) {
    at::softplus_out(excess, h);
    excess.mul_(1 - slope).add_(h, slope).sub_(y);
    at::sigmoid_out(derivative, h);
    derivative.mul_(1 - slope).add_(slope);
    h.sub_(excess.div_(derivative));
  }
  return h;
}

}  // namespace samplerbench::targets
