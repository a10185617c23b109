#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// log B and its first two derivatives in z, where
//   B(z) = [Phi((z + h) / s) - Phi((z - h) / s)] / (2 h),  s^2 = v,
// is the density of a uniform on [-h, h] plus N(0, v).
struct BoxTerms {
  double value = 0;
  double slope = 0;
  double curvature = 0;
};

// At any z: far out neither of the two tails underflows, and their difference does not cancel.
BoxTerms log_box(double z, double half, double variance);

// log B by tensor operations, differentiable any number of times: z float64 of any shape, `variance` of one
// that broadcasts with it.
Tensor log_box(const Tensor& z, double half, const Tensor& variance);

}  // namespace samplerbench::targets
