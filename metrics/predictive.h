#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// What the posterior predictive of the draws says of held-out labels: `accuracy` and `accuracy_gap`
// (percentage points), `log_predictive_density` (nats a label), `calibration_error` (a probability).
void add_predictive(MetricRegistry& registry);

}  // namespace samplerbench::metrics
