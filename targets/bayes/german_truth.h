#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// Below the data folder.
inline constexpr const char* kGermanTruthFile =
    "inference_gym/german_credit_numeric_logistic_regression.json";

// log Z of likelihood times exp(-|w|^2 / 2): the published log evidence, -529.1759 (standard error 0.0007),
// and the constant of N(0, I) in 25 dimensions, 25 / 2 log(2 pi), which the target leaves out.
inline constexpr double kGermanLogZ = -529.1759 + 12.5 * 1.8378770664093453;

// Posterior moments of the 25 weights (the bias last) of the German credit data under N(0, I), with Monte
// Carlo standard errors. Those of the standard deviations are not published; they are computed as for
// independent draws of a normal law. Source: TensorFlow Probability's Inference Gym. Throws InputError for
// another file.
Moments german_truth(const DataFiles& files);

}  // namespace samplerbench::targets
