#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// log_z_error: how far the importance-sampling estimate of log Z is from the truth.
void add_log_z_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
