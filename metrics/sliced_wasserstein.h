#pragma once

#include <cstdint>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// The squared Wasserstein-2 distance between the empirical laws of n and m sorted numbers: the integral over
// u in (0, 1) of the squared difference of their quantile functions, exact for n != m too.
double squared_wasserstein(const double* x, int64_t n, const double* y, int64_t m);

// The mean of squared_wasserstein over projections of x [N, D] and y [M, D] on the rows of `directions` [P,
// D], unit vectors. float64 on the CPU. Bonneel et al. 2015. Throws CannotJudge where a projection is not
// finite.
double squared_sliced_wasserstein(const Tensor& x, const Tensor& y, const Tensor& directions);

// sliced_wasserstein: sliced Wasserstein-2 distance to exact draws.
void add_sliced_wasserstein(MetricRegistry& registry);

}  // namespace samplerbench::metrics
