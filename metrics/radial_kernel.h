#pragma once

#include <cstdint>

namespace samplerbench::metrics {

// A radial kernel k(x, y) = phi(r2), r2 = |x - y|^2, and what Stein's operator needs of its derivatives: each
// points to one number a pair.
struct RadialTerms {
  double* value;  // k
  double* slope;  // -2 phi'(r2), so that grad_y k = slope (x - y) = -grad_x k
  double* trace;  // tr grad_x grad_y k = dim slope - 4 r2 phi''(r2)
};

class RadialKernel {
 public:
  virtual ~RadialKernel() = default;

  // Writes the terms for `count` squared distances between points of `dim` coordinates.
  virtual void evaluate(int64_t count, int64_t dim, const double* squared_distance,
                        const RadialTerms& terms) const = 0;
};

// k = (1 + r2 / length^2)^(-1/2). Gorham and Mackey 2017.
class InverseMultiquadric : public RadialKernel {
 public:
  explicit InverseMultiquadric(double length) : inverse_square_(1 / (length * length)) {}
  void evaluate(int64_t count, int64_t dim, const double* squared_distance,
                const RadialTerms& terms) const override;

 private:
  double inverse_square_;
};

// k = exp(-r2 / (2 bandwidth^2)).
class GaussianKernel : public RadialKernel {
 public:
  explicit GaussianKernel(double bandwidth) : inverse_square_(1 / (bandwidth * bandwidth)) {}
  void evaluate(int64_t count, int64_t dim, const double* squared_distance,
                const RadialTerms& terms) const override;

 private:
  double inverse_square_;
};

}  // namespace samplerbench::metrics
