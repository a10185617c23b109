#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

enum class WeightPrior { normal, hierarchical };

struct LogisticSettings {
  WeightPrior prior = WeightPrior::hierarchical;
  double prior_sd = 1;       // of WeightPrior::normal
  double gamma_shape = 1;    // of WeightPrior::hierarchical
  double gamma_rate = 0.01;  // of WeightPrior::hierarchical
};

// The prior of a logistic regression over points [N, D]: of d weights w ~ N(0, prior_sd^2 I), or of (w, log
// alpha) with w | alpha ~ N(0, I / alpha), alpha ~ Gamma(shape, rate), and the Jacobian of log alpha.
// Constants are left out.
class LogisticPrior {
 public:
  explicit LogisticPrior(const LogisticSettings& settings) : settings_(settings) {}

  // How many coordinates follow the weights: log alpha, or none.
  int64_t extra_coordinates() const { return hierarchical() ? 1 : 0; }

  // [N, D] -> [N], differentiable.
  Tensor log_density(const Tensor& x) const;

  // [N, D] -> [N, D], differentiable.
  Tensor score(const Tensor& x) const;

  // Both in one pass over n points of plain buffers, row after row: x [n, dim] -> value [n], score [n, dim].
  // T: float or double.
  template <class T>
  void write(int64_t n, int64_t dim, const T* x, T* value, T* score) const;

 private:
  bool hierarchical() const { return settings_.prior == WeightPrior::hierarchical; }
  double weight_of_log_alpha(int64_t weights) const;
  template <class T>
  T write_point(const T* point, int64_t dim, T* score) const;

  LogisticSettings settings_;
};

}  // namespace samplerbench::targets
