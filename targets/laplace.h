#pragma once

#include "targets/target.h"

namespace samplerbench::targets {

// The normal law N(mode, L L') that touches a density at a mode.
struct LaplaceFit {
  Tensor mode;        // [D] float64
  Tensor factor;      // [D, D] float64: L, the lower Cholesky factor of the covariance
  int64_t steps = 0;  // Newton steps that led to the mode
};

struct LaplaceSettings {
  int64_t most_steps = 200;
  double tolerance = 1e-6;  // largest distance from the mode, in standard deviations, that ends the search
};

// Laplace's approximation: the mode nearest uphill from `start` ([D]; the origin where it is undefined) by
// damped Newton steps, and minus the inverse Hessian there. In float64 on the CPU; the Hessian comes from D
// Hessian-vector products a step, through the differentiable score. Meant for D up to a few hundred. Throws
// InputError where no mode is found, or where the Hessian at the stationary point is not negative definite (a
// saddle, or a density that is flat in some direction).
LaplaceFit laplace_fit(const Target& target, const Tensor& start = {}, const LaplaceSettings& settings = {});

// Second derivatives of log_density at x [D]: [D, D] float64, symmetric.
Tensor hessian(const Target& target, const Tensor& x);

}  // namespace samplerbench::targets
