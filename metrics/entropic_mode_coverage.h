#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Entropy of `shares` [M], M >= 2, which sum to 1, with logarithm to the base M: 1 if they are equal, 0 if
// one is 1.
double normalised_entropy(const Tensor& shares);

// Jensen-Shannon divergence between `shares` and `weights`, [M], with logarithm to the base 2: in [0, 1].
double jensen_shannon_divergence(const Tensor& shares, const Tensor& weights);

// entropic_mode_coverage: how evenly, or how truly, the draws cover the modes.
void add_entropic_mode_coverage(MetricRegistry& registry);

}  // namespace samplerbench::metrics
