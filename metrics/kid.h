#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// An estimate and its standard error.
struct KernelDistance {
  double value;
  double standard_error;
  double largest_own;  // the largest k(x_i, x_i) over their sum: near 1 where one x dwarfs all others
};

// The U-statistic of MMD^2 under the kernel (x.y / F + 1)^3 between features x [N, F] and y [M, F], float64
// on the CPU, N and M at least 2 (Binkowski et al. 2018, section 4; Gretton et al. 2012, equation 3). Its
// squared standard error is 4 var(h) / N + 4 var(g) / M: h_i is the mean of k(x_i, x_j) over the other x_j
// less that over the y_j, and g_j the same with x and y exchanged. For nearly equal laws that is too large by
// about the factor 2. Works in blocks of rows: memory O(512 (N + M)).
KernelDistance squared_kernel_distance(const Tensor& x, const Tensor& y);

// kid: squared kernel distance between features of the draws and of the test images.
void add_kid(MetricRegistry& registry);

}  // namespace samplerbench::metrics
