#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// moment_mean_error and moment_sd_error: the worst coordinate's error in units of its standard error.
void add_moment_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
