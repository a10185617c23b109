#pragma once

#include "core/placed.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {

// log q(x) = peak - (x - m)' P (x - m) / 2.
class NormalTarget : public PointwiseTarget<NormalTarget> {
 public:
  // `mean`: m, [D]; `precision`: P, [D, D], symmetric and positive definite; both float64.
  NormalTarget(const Tensor& mean, const Tensor& precision, double peak)
      : dim_(mean.size(0)), peak_(peak), mean_(mean.contiguous()), precision_(precision.contiguous()) {}

  int64_t dim() const override { return dim_; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor u = mean_.like(x) - x;
    return (u * u.mm(precision_.like(x))).sum(1) * -0.5 + peak_;
  }

  Tensor score(const Tensor& x) const override { return (mean_.like(x) - x).mm(precision_.like(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor u = mean_.like(x) - x, score = u.mm(precision_.like(x));
    return {(u * score).sum(1).mul_(-0.5).add_(peak_), score};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const torch::TensorOptions placement(c10::CppTypeToScalarType<T>::value);
    const T* mean = mean_.like(placement).template data_ptr<T>();
    const T* row = precision_.like(placement).template data_ptr<T>();
    T square = 0;
    for (int64_t i = 0; i < dim_; ++i, row += dim_) {
      T sum = 0;
      for (int64_t j = 0; j < dim_; ++j) sum += row[j] * (mean[j] - x[j]);
      score[i] = sum;
      square += sum * (mean[i] - x[i]);
    }
    return static_cast<T>(peak_) - square / 2;
  }

 private:
  int64_t dim_;
  double peak_;
  PlacedTensor mean_;       // [D]
  PlacedTensor precision_;  // [D, D]
};

}  // namespace samplerbench::targets
