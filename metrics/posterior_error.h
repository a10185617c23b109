#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// How far mean and standard deviation of the draws are from the target's, in its standard deviations:
// `posterior_mean_error`, `posterior_sd_error`.
void add_posterior_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
