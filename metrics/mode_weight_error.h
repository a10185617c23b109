#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// mode_weight_error: total variation between the shares of draws in each mode and the modes' weights.
void add_mode_weight_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
