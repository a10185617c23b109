#pragma once

#include <cstdint>

#include "core/law.h"

namespace samplerbench::samplers {

// log of the mean of the weights exp(l), l in `log_weights` [M], each below infinity, with the standard error
// that their spread says where they are independent. Both are NaN where a weight is.
LogZ mean_weight(const Tensor& log_weights);

// The mean of independent estimates of Z, which need not fit in a double. Each may be 0, log Z = -infinity;
// with an infinite one the mean is not a number.
class MeanOfZ {
 public:
  // The standard error of `estimate` is what its own weights say.
  void add(const LogZ& estimate);

  int64_t count() const { return count_; }

  // The logarithm of the mean. Its standard error is the larger of what the estimates say of themselves and
  // what their spread says: weights alone do not see what all of them miss. Needs one estimate above 0.
  LogZ value() const;

 private:
  int64_t count_ = 0;
  double peak_ = 0;     // the largest log Z, and in units of its Z:
  double sum_ = 0;      // of the estimates
  double squares_ = 0;  // of their squares
  double errors_ = 0;   // of the squares of their standard errors
};

}  // namespace samplerbench::samplers
