#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// ksd_p: the p-value of the kernel Stein test by the wild bootstrap.
void add_ksd_p(MetricRegistry& registry);

}  // namespace samplerbench::metrics
