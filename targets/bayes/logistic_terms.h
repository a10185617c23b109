#pragma once

#include <cstdint>

namespace samplerbench::targets {

// Returns sum_i log sigmoid(m_i) of `count` logits m_i and replaces each by sigmoid(-m_i), the slope of log
// sigmoid. Takes an exponential for each logit and a logarithm for a few hundred. A NaN makes its slope and
// the sum NaN.
double logistic_terms(float* logits, int64_t count);
double logistic_terms(double* logits, int64_t count);

// For one chain: returns sum_n log sigmoid(<row_n, weights>) over rows [count, dim] and adds its gradient in
// the weights to `score` [dim], in one pass over the rows.
double logistic_likelihood(const float* rows, int64_t count, int64_t dim, const float* weights, float* score);
double logistic_likelihood(const double* rows, int64_t count, int64_t dim, const double* weights,
                           double* score);

}  // namespace samplerbench::targets
