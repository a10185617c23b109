#pragma once

#include <memory>

#include "targets/bayes/logistic_prior.h"
#include "targets/target.h"

namespace samplerbench::targets {

// The posterior of a Bayesian logistic regression: labels y_i = +-1 with probability sigmoid(y_i <w, x_i>),
// x_i the features and a constant 1 (last), under a LogisticPrior. The points are w, [N, d], or (w, log
// alpha), [N, d + 1] (the benchmark of Liu and Wang 2016, arXiv 1608.04471). Constants that do not depend on
// the point are left out.
//
// `rows` [M, d] float32 are y_i x_i: see signed_rows.
std::unique_ptr<Target> logistic_posterior(const Tensor& rows, const LogisticSettings& settings);

}  // namespace samplerbench::targets
