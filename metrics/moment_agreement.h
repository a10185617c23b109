#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Whether the moments of Markov chains agree with the truth within both of their Monte Carlo errors:
// `mean_z`, `sd_z`.
void add_moment_agreement(MetricRegistry& registry);

}  // namespace samplerbench::metrics
