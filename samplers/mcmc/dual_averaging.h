#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace samplerbench::samplers {

// Of a proposal with this logarithm of the acceptance ratio: min(1, ratio); 0 where the logarithm is not
// finite.
inline double acceptance_probability(double log_ratio) {
  return std::isfinite(log_ratio) ? std::exp(std::min(log_ratio, 0.0)) : 0;
}

// Finds the step size at which the mean acceptance is `target`: Nesterov's dual averaging as in Hoffman and
// Gelman (2014), section 3.2, with their constants gamma = 0.05, t0 = 10, kappa = 0.75.
class DualAveraging {
 public:
  // Shrinks towards ten times `step_size`, as Hoffman and Gelman do.
  DualAveraging(double step_size, double target);

  // `acceptance` in [0, 1]: the mean over all chains with the present step size.
  void update(double acceptance);

  double step_size() const { return step_size_; }  // the one to try next
  double averaged() const;                         // the one to keep when adaptation ends

 private:
  double target_;
  double centre_;  // log of the step size shrunk towards
  double step_size_;
  double log_averaged_;
  double error_ = 0;  // running mean of target - acceptance
  int64_t updates_ = 0;
};

}  // namespace samplerbench::samplers
