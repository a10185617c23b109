#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// 2 E|X - Y| - E|X - X'| - E|Y - Y'| between the empirical laws of x [N, D] and y [M, D] (V-statistics, so
// never negative but for rounding), float64 on the CPU. Szekely and Rizzo 2013. Memory O((N + M) D).
double squared_energy_distance(const Tensor& x, const Tensor& y);

// energy_distance: energy distance to exact draws.
void add_energy_distance(MetricRegistry& registry);

}  // namespace samplerbench::metrics
