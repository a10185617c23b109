#pragma once

#include <memory>

#include "targets/bayes/dataset.h"
#include "targets/problem.h"

namespace samplerbench::targets {

enum class WeightPrior { normal, hierarchical };

struct LogisticSettings {
  WeightPrior prior = WeightPrior::hierarchical;
  double prior_sd = 1;       // of WeightPrior::normal
  double gamma_shape = 1;    // of WeightPrior::hierarchical
  double gamma_rate = 0.01;  // of WeightPrior::hierarchical
};

// Bayesian logistic regression: labels y_i = +-1 with probability sigmoid(y_i <w, x_i>), x_i the features and
// a constant 1 (last). The points are w, [N, d], under w ~ N(0, prior_sd^2 I); or (w, log alpha), [N, d + 1],
// under w | alpha ~ N(0, I / alpha), alpha ~ Gamma(shape, rate), with the Jacobian of log alpha (the
// benchmark of Liu and Wang 2016, arXiv 1608.04471). Constants that do not depend on the point are left out.
//
// `rows` [M, d] float32 are y_i x_i, with a last column of labels for the constant.
std::unique_ptr<Target> logistic_regression(const Tensor& rows, const LogisticSettings& settings);

// The rows y_i (x_i, 1) of a data set: [N, F + 1] float32.
Tensor signed_rows(const Dataset& data);

void add_logistic_regression(TargetRegistry& registry);

}  // namespace samplerbench::targets
