#pragma once

#include <optional>
#include <string>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// log q(x) - log p(x) at the draws, with q the target as it is, not normalised, and p the law of the draws:
// [n]. Needs Evidence::log_density.
Tensor log_importance_weights(const Evidence& evidence);

// log of the mean of exp(log_weights), an estimate of log Z: [n] -> a number, -infinity where all weights are
// 0.
double log_mean_weight(const Tensor& log_weights);

// (sum w)^2 / (n sum w^2) of w = exp(log_weights), in [1 / n, 1]; 0 where all weights are 0. Kong 1992.
double effective_share(const Tensor& log_weights);

}  // namespace samplerbench::metrics
