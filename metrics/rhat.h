#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// rhat: split R-hat on ranks.
void add_rhat(MetricRegistry& registry);

}  // namespace samplerbench::metrics
