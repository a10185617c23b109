#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// The share of draws that each mode of the problem gets: [M] float64. Throws CannotJudge where a draw is not
// finite or belongs to no mode.
Tensor mode_shares(const Evidence& evidence);

// Whether all modes have the same weight, up to rounding: [M] float64.
bool equal_weights(const Tensor& weights);

// mode_weight_error: total variation between the shares of draws in each mode and the modes' weights.
void add_mode_weight_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
