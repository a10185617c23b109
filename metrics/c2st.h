#pragma once

#include <cstdint>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// The columns of x [N, K] in units of those of `exact` [M, K], float64: less the mean of `exact`, over its
// standard deviation (over M; 1 where that is 0), cut to [-sqrt(M), sqrt(M)]. No row of `exact` is beyond
// that, so a far draw stays apart from all of them and has no overflowing square: [N, K]. Throws CannotJudge
// where a standard deviation is not finite.
Tensor standardised_by(const Tensor& x, const Tensor& exact);

// The columns of x [N, D], their squares, and their products in pairs where all these are at most `most`
// features, else the columns and their squares alone: [N, F]. A linear rule of them sees means, variances
// and, with the products, correlations. It is blind to laws that agree in these.
Tensor quadratic_features(const Tensor& x, int64_t most);

// How well features x [N, F] are told from y [M, F], float64 on the CPU, N and M at least `folds`: the share
// of the rows of x and that of the rows of y that a classifier tells right, in the mean of the two. The
// classifier of each fold is fitted to all other folds, which `rng` deals at random: for rows of equal laws
// the expectation is 0.5. It is a logistic regression of the features and a constant, whose loss is summed
// over the rows, with both sets of equal weight, plus ridge / 2 times the squared length of the coefficients;
// Newton's method (iteratively reweighted least squares) goes to its minimum. Lopez-Paz and Oquab 2017,
// section 3. Memory: of the order of (F + folds) (N + M) + folds F^2 numbers; time: folds (N + M) F^2 for
// each of about eight steps. Throws CannotJudge where Newton's method does not settle.
double held_out_accuracy(const Tensor& x, const Tensor& y, int64_t folds, double ridge, Rng& rng);

// c2st: a classifier's accuracy between draws and exact draws: about 0.5 for exact draws, 1 where all are
// told apart. Of points it sees what quadratic_features show, of images the means of the network's features.
void add_c2st(MetricRegistry& registry);

}  // namespace samplerbench::metrics
