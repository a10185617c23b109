#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// The U-statistic of MMD^2 between x [N, D] and y [M, D], float64 on the CPU, under the mean of five Gaussian
// kernels exp(-r^2 / (2 h^2)) with h = bandwidth times 1/4, 1/2, 1, 2 and 4. Gretton et al. 2012, equation 3.
// Memory O((N + M) D).
double squared_mmd(const Tensor& x, const Tensor& y, double bandwidth);

// mmd: squared maximum mean discrepancy to exact draws.
void add_mmd(MetricRegistry& registry);

}  // namespace samplerbench::metrics
