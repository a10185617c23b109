#include "metrics/importance_weights.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "metrics/requirements.h"

namespace samplerbench::metrics {

namespace {

constexpr double kMostRounding = 1e-9;  // of the sum of weights

// Throws CannotJudge where log densities are so large that the rounding of their difference decides.
void require_digits(const Tensor& log_weights, const Tensor& magnitudes) {
  const Tensor weights = (log_weights - log_weights.max()).exp();
  const Tensor rounding =
      torch::where(weights > 0, weights * magnitudes, torch::zeros_like(weights)).sum() / weights.sum();
  const double share = rounding.item<double>() * std::numeric_limits<double>::epsilon();
  if (share > kMostRounding)
    throw CannotJudge(
        fmt::format("the log densities at the draws are so large, {:.3g}, that their difference "
                    "is rounding",
                    magnitudes.max().item<double>()));
}

}  // namespace

Tensor log_importance_weights(const Evidence& evidence) {
  torch::NoGradGuard no_grad;
  require_finite(evidence.draws, "draws");
  const Tensor target = evidence.problem.target->log_density(evidence.draws);
  const Tensor law = evidence.log_density(evidence.draws);
  const Tensor log_weights = target - law;
  if (log_weights.isnan().any().item<bool>()) throw CannotJudge("log densities at the draws are not finite");
  require_digits(log_weights, target.abs() + law.abs());
  return log_weights;
}

Tensor log_weights_of(const Evidence& evidence) {
  return evidence.path_weights ? evidence.path_weights->log_weights : log_importance_weights(evidence);
}

double log_mean_weight(const Tensor& log_weights) {
  return torch::logsumexp(log_weights, 0).item<double>() - std::log(static_cast<double>(log_weights.size(0)));
}

}  // namespace samplerbench::metrics
