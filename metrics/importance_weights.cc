#include "metrics/importance_weights.h"

#include <cmath>
#include <limits>

namespace samplerbench::metrics {

Tensor log_importance_weights(const Evidence& evidence) {
  torch::NoGradGuard no_grad;
  return evidence.problem.target->log_density(evidence.draws) - evidence.log_density(evidence.draws);
}

double log_mean_weight(const Tensor& log_weights) {
  return torch::logsumexp(log_weights, 0).item<double>() - std::log(static_cast<double>(log_weights.size(0)));
}

double effective_share(const Tensor& log_weights) {
  const double largest = log_weights.max().item<double>();
  if (largest == -std::numeric_limits<double>::infinity()) return 0;
  const Tensor weights = (log_weights - largest).exp();
  const double mean = weights.mean().item<double>();
  return mean * mean / weights.square().mean().item<double>();
}

}  // namespace samplerbench::metrics
