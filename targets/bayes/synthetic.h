#pragma once

#include <array>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

// The logistic model that the synthetic data set is drawn from: P(y = +1 | x) = 1 / (1 + exp(-(w.x + b))).
inline constexpr std::array<double, 8> kSyntheticWeights = {1.2, -0.8, 0.5, 0.0, -1.5, 0.3, 0.0, 0.9};
inline constexpr double kSyntheticBias = 0.4;

// 1,000 rows made from a fixed stream, always the same. The features [1000, 8] are normal with the
// correlation 0.6^|i - j|, then z-scored; the labels are drawn from the model above.
Dataset synthetic_dataset();

}  // namespace samplerbench::targets
