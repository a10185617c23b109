#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// a of the flows of Chao et al., arXiv 2305.15267.
inline constexpr double kFlowSlope = 0.3;

// f(h) = a h + (1 - a) log(1 + e^h) of each number, a = `slope`: an activation whose derivative is between a
// and 1.
Tensor smooth_leaky_relu(const Tensor& h, double slope);

// Steps of Newton's method that invert f with a = kFlowSlope to rounding: the first error is below 1.7, of
// which the bound below leaves 2e-19 after six.
inline constexpr int kFlowNewtonSteps = 6;

// f^-1 of each number, outside any graph, by so many steps of Newton's method. They come from above and never
// pass the solution; each leaves at most (1 - a) / (8 a) of the square of the error before it.
Tensor inverse_smooth_leaky_relu(const Tensor& y, double slope, int steps = 60);

}  // namespace samplerbench::targets
