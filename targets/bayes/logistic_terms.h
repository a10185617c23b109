#pragma once

#include <cstdint>

namespace samplerbench::targets {

// In place, logits m_i become sigmoid(-m_i), the slope of log sigmoid. Returns sum_i log sigmoid(m_i): one
// exponential an element, one logarithm a few hundred.
double logistic_terms(float* logits, int64_t count);
double logistic_terms(double* logits, int64_t count);

// For one chain: sum_n log sigmoid(<row_n, weights>) over rows [count, dim], and its gradient in the weights
// added to `score` [dim]. One pass over the rows.
double logistic_likelihood(const float* rows, int64_t count, int64_t dim, const float* weights, float* score);
double logistic_likelihood(const double* rows, int64_t count, int64_t dim, const double* weights,
                           double* score);

}  // namespace samplerbench::targets
