#pragma once

#include <optional>
#include <string>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// log q(x) - log p(x) at the draws, [n]: q is the unnormalised target, p the law of the draws. Needs
// Evidence::log_density. Throws CannotJudge where a draw is not finite, a weight is NaN, or rounding of the
// log densities makes up more than 1e-9 of the weights.
Tensor log_importance_weights(const Evidence& evidence);

// The log weights of the paths to the draws, of samplers that weigh them, else log_importance_weights(): [n].
// Needs what needs_log_weights() asks for. Weights of paths may be NaN, as PathWeights says: then no value
// that is made of all of them is finite. Throws CannotJudge as log_importance_weights() does.
Tensor log_weights_of(const Evidence& evidence);

// log of the mean of exp(log_weights) [n], an estimate of log Z. -infinity if all weights are 0.
double log_mean_weight(const Tensor& log_weights);

}  // namespace samplerbench::metrics
