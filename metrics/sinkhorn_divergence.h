#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// OT(x, y) - OT(x, x) / 2 - OT(y, y) / 2 between the empirical laws of x [N, D] and y [M, D], float64 on the
// CPU, where OT is the dual value of optimal transport at the squared distance with entropic regularisation
// `epsilon` against the product of the two laws, after that many Sinkhorn iterations in logarithms (Feydy et
// al. 2019, arXiv 1810.08278, with the averaged iteration for a law and itself). Memory: that of the larger
// of N^2, N M and M^2 distances.
double sinkhorn_divergence(const Tensor& x, const Tensor& y, double epsilon, int64_t iterations);

// sinkhorn_divergence: the same to exact draws.
void add_sinkhorn_divergence(MetricRegistry& registry);

}  // namespace samplerbench::metrics
