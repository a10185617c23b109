#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// How well the posterior predictive of the draws predicts held-out labels: `accuracy` and `accuracy_gap`
// (percentage points), `log_predictive_density` (nats a label), `calibration_error` (a probability).
void add_predictive(MetricRegistry& registry);

}  // namespace samplerbench::metrics
