#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// ess_bulk, ess_per_second and ess_per_score.
void add_effective_sample_size(MetricRegistry& registry);

}  // namespace samplerbench::metrics
