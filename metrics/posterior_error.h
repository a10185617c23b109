#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// posterior_mean_error and posterior_sd_error: how far mean and standard deviation of the draws are from the
// target's, in its standard deviations.
void add_posterior_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
