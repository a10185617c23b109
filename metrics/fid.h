#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// What a Frechet distance uses of a set of features.
struct FeatureMoments {
  Tensor mean;        // [F] float64
  Tensor covariance;  // [F, F] float64, over n - 1
};

// Of features [n, F] float64, n >= 2.
FeatureMoments feature_moments(const Tensor& features);

// |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1^1/2 S2 S1^1/2)^1/2: the squared Frechet distance between the normal
// laws with these moments (Dowson and Landau 1982). The covariances may be singular. Throws CannotJudge
// for moments that are not finite.
double squared_frechet_distance(const FeatureMoments& a, const FeatureMoments& b);

// The number of directions in which the features vary: eigenvalues above 1e-10 of the largest.
// Throws CannotJudge where the covariance is not finite.
int64_t covariance_rank(const Tensor& covariance);

// fid: Frechet distance between features of the draws and of the test images.
void add_fid(MetricRegistry& registry);

}  // namespace samplerbench::metrics
