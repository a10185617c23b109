#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// forward_kl: Kullback-Leibler divergence from the target to the law of the draws.
void add_forward_kl(MetricRegistry& registry);

}  // namespace samplerbench::metrics
