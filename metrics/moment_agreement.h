#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// mean_z and sd_z: the difference between the moments of Markov chains and the truth, in units of both Monte
// Carlo errors.
void add_moment_agreement(MetricRegistry& registry);

}  // namespace samplerbench::metrics
