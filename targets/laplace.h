#pragma once

#include "targets/target.h"

namespace samplerbench::targets {

// The normal law N(mode, L L') that has a density's mode and its curvature there.
struct LaplaceFit {
  Tensor mode;        // [D] float64
  Tensor factor;      // [D, D] float64: L, the lower Cholesky factor of the covariance
  int64_t steps = 0;  // Newton steps that led to the mode
};

struct LaplaceSettings {
  int64_t most_steps = 200;
  double tolerance = 1e-6;  // the search ends at this distance from the mode, in standard deviations
};

// Laplace's approximation. Damped Newton steps go uphill from `start` [D] (undefined: the origin) to a mode;
// the covariance is minus the inverse Hessian there. float64 on the CPU. Each step takes the Hessian from D
// Hessian-vector products through the differentiable score, so D should be at most a few hundred. Throws
// InputError if no mode is found, or if the Hessian there is not negative definite (a saddle, or a density
// that is flat in some direction).
LaplaceFit laplace_fit(const Target& target, const Tensor& start = {}, const LaplaceSettings& settings = {});

// Second derivatives of log_density at x [D]: [D, D] float64, symmetric.
Tensor hessian(const Target& target, const Tensor& x);

}  // namespace samplerbench::targets
