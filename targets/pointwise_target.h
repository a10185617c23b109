#pragma once

#include "targets/target.h"

namespace samplerbench::targets {

// A target that Own evaluates point by point on plain buffers, by
//   template <class T> T point(const T* x, T* score) const
// for T = float and double, which writes the score [D] and returns the log density. More than kMostPoints at
// once are left to tensors, whose exponentials and sines take many numbers at a time.
template <class Own, int64_t kMostPoints = 1000>
class PointwiseTarget : public Target {
 public:
  void evaluate(int64_t n, const float* x, float* value, float* score) const override {
    evaluate_points(n, x, value, score);
  }
  void evaluate(int64_t n, const double* x, double* value, double* score) const override {
    evaluate_points(n, x, value, score);
  }
  bool evaluates_plainly() const override { return true; }

 private:
  template <class T>
  void evaluate_points(int64_t n, const T* x, T* value, T* score) const {
    if (n > kMostPoints) return Target::evaluate(n, x, value, score);
    const auto& own = static_cast<const Own&>(*this);
    const int64_t dim = own.Own::dim();
    for (int64_t i = 0; i < n; ++i) {
      const T here = own.point(x + i * dim, score + i * dim);
      if (value) value[i] = here;
    }
  }
};

}  // namespace samplerbench::targets
