#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// ksd_imq_v, ksd_imq_u, ksd_rbf_v and ksd_rbf_u.
void add_ksd(MetricRegistry& registry);

}  // namespace samplerbench::metrics
