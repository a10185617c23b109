#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// importance_ess: effective share of the draws under importance weights.
void add_importance_ess(MetricRegistry& registry);

}  // namespace samplerbench::metrics
