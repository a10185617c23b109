#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// class_coverage: how many classes the draws show, or how far their shares are from uniform.
void add_class_coverage(MetricRegistry& registry);

}  // namespace samplerbench::metrics
