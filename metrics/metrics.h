#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Registers every metric of this folder.
void add_metrics(MetricRegistry& registry);

}  // namespace samplerbench::metrics
