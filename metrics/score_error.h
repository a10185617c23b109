#pragma once

#include "core/tensor.h"
#include "metrics/metric.h"

namespace samplerbench::metrics {

// The mixture of N(y_j, sigma^2 I) over centres y, [M, D], at x, [N, D], all float64 on the CPU. The weight
// of a centre at x is w_j, proportional to exp(-|x - y_j|^2 / (2 sigma^2)). Memory O(M D). Rows of x that are
// far out are made by differences. Throws CannotJudge where x or a centre is not finite.
struct KernelMixture {
  Tensor score;      // [N, D], sum_j w_j (y_j - x) / sigma^2
  Tensor log_mass;   // [N], log sum_j exp(-|x - y_j|^2 / (2 sigma^2))
  Tensor effective;  // [N], 1 / sum_j w_j^2: the effective number of centres
};
KernelMixture kernel_mixture(const Tensor& x, const Tensor& centres, double sigma);

// Two estimates of the score s_p of the law p of x = x0 + sigma e. Their errors are independent at each x. If
// the score is known, both are it.
struct ScorePair {
  Tensor first;   // [N, D], of mean s_p(x) given x
  Tensor second;  // [N, D]
};

// The estimates from the two halves of `centres` [M, D], draws of the law of x0 that are independent of `x0`
// [N, D]. The first half takes x0 as one more centre, so that x is a draw of that mixture. The mixture's
// score is the mean of the conditional score (x0 - x) / sigma^2 given x and the centres; its mean given x
// alone is s_p(x), however few the centres. The second half's score is mixed with that of a Gaussian with the
// centres' moments, in the share k^-2 for k effective centres, because few centres near x say little.
ScorePair estimated_scores(const Tensor& x, const Tensor& x0, const Tensor& centres, double sigma);

// The mean over rows of <model - first, model - second>. Its mean is 0 for model = s_p, and it lacks the
// variance of either estimate, which a square would add. For other models its bias is E <model - s_p, s_p -
// second>.
double mean_squared_difference(const Tensor& model, const ScorePair& truth);

// score_error_draws, score_error_exact, score_error_draws_relative and score_error_exact_relative: how far a
// trained model of the score is from the score of noised draws of its sampler, or of noised exact draws.
void add_score_error(MetricRegistry& registry);

}  // namespace samplerbench::metrics
