#include "targets/bayes/logistic_prior.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace samplerbench::targets {
namespace {

// Where alpha stops growing, far beyond all that its prior allows, so that it never overflows.
constexpr double kLargestLogAlpha = 60;

}  // namespace

Tensor LogisticPrior::log_density(const Tensor& x) const {
  if (!hierarchical()) return x.square().sum(1) * (-0.5 / (settings_.prior_sd * settings_.prior_sd));
  const int64_t d = x.size(1) - 1;
  const Tensor log_alpha = x.select(1, d);
  const Tensor square = x.narrow(1, 0, d).square().sum(1);
  return weight_of_log_alpha(d) * log_alpha -
         log_alpha.clamp_max(kLargestLogAlpha).exp() * (0.5 * square + settings_.gamma_rate);
}

Tensor LogisticPrior::score(const Tensor& x) const {
  if (!hierarchical()) return x * (-1 / (settings_.prior_sd * settings_.prior_sd));
  const int64_t d = x.size(1) - 1;
  const Tensor weights = x.narrow(1, 0, d), alpha = x.narrow(1, d, 1).clamp_max(kLargestLogAlpha).exp();
  const Tensor last =
      weight_of_log_alpha(d) - alpha * (0.5 * weights.square().sum(1, true) + settings_.gamma_rate);
  return torch::cat({-alpha * weights, last}, 1);
}

// d / 2 of the weights' density and the Gamma's shape, its Jacobian included.
double LogisticPrior::weight_of_log_alpha(int64_t weights) const {
  return 0.5 * static_cast<double>(weights) + settings_.gamma_shape;
}

// Of one point [dim]: writes its score and returns its log density.
template <class T>
T LogisticPrior::write_point(const T* point, int64_t dim, T* score) const {
  const int64_t d = dim - extra_coordinates();
  const double square = std::transform_reduce(point, point + d, point, 0.0);
  const double precision = hierarchical() ? std::exp(std::min<double>(point[d], kLargestLogAlpha))
                                          : 1 / (settings_.prior_sd * settings_.prior_sd);
  for (int64_t k = 0; k < d; ++k) score[k] = static_cast<T>(-precision * point[k]);
  double sum = -0.5 * precision * square;
  if (hierarchical()) {
    sum += weight_of_log_alpha(d) * point[d] - settings_.gamma_rate * precision;
    score[d] = static_cast<T>(weight_of_log_alpha(d) - precision * (0.5 * square + settings_.gamma_rate));
  }
  return static_cast<T>(sum);
}

template <class T>
void LogisticPrior::write(int64_t n, int64_t dim, const T* x, T* value, T* score) const {
  for (int64_t i = 0; i < n; ++i) value[i] = write_point(x + i * dim, dim, score + i * dim);
}

template void LogisticPrior::write(int64_t, int64_t, const float*, float*, float*) const;
template void LogisticPrior::write(int64_t, int64_t, const double*, double*, double*) const;

}  // namespace samplerbench::targets
