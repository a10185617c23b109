#pragma once

#include <cstdint>

#include "core/tensor.h"
#include "metrics/metric.h"
#include "metrics/pairwise.h"

namespace samplerbench::metrics {

// A kernel k(x, y) = phi(r2), r2 = |x - y|^2, as Stein's operator needs it.
class RadialKernel {
 public:
  virtual ~RadialKernel() = default;

  // For `count` squared distances between points of `dim` coordinates:
  //   value = k,  slope = -2 phi'(r2), so that grad_y k = slope (x - y) = -grad_x k,
  //   trace = tr grad_x grad_y k = dim slope - 4 r2 phi''(r2).
  virtual void evaluate(int64_t count, int64_t dim, const double* squared_distance, double* value,
                        double* slope, double* trace) const = 0;
};

// k = (1 + r2 / length^2)^(-1/2). Gorham and Mackey 2017.
class InverseMultiquadric : public RadialKernel {
 public:
  explicit InverseMultiquadric(double length) : inverse_square_(1 / (length * length)) {}
  void evaluate(int64_t count, int64_t dim, const double* squared_distance, double* value, double* slope,
                double* trace) const override;

 private:
  double inverse_square_;
};

// k = exp(-r2 / (2 bandwidth^2)).
class GaussianKernel : public RadialKernel {
 public:
  explicit GaussianKernel(double bandwidth) : inverse_square_(1 / (bandwidth * bandwidth)) {}
  void evaluate(int64_t count, int64_t dim, const double* squared_distance, double* value, double* slope,
                double* trace) const override;

 private:
  double inverse_square_;
};

// Points with the target's scores at them, and Stein's kernel of every pair:
//   u(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + tr grad_x grad_y k
// (Liu, Lee and Jordan 2016; Chwialkowski, Strathmann and Gretton 2016). `kernel` must outlive it.
class SteinPairs {
 public:
  // points and scores [N, D], float64 on the CPU.
  SteinPairs(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
             PairForm form = PairForm::automatic);

  // sum over i != j of u(x_i, x_j). Memory O(N D).
  double off_diagonal() const;

  // sum over i of u(x_i, x_i).
  double diagonal() const;

  // sum over i != j of w_ir w_jr u(x_i, x_j) for every column r of `weights` [N, R]: [R]. Memory O(N (D +
  // R)).
  Tensor weighted_off_diagonal(const Tensor& weights) const;

 private:
  void fill(const Tile& tile) const;
  void fill_by_products(const Tile& tile) const;

  const RadialKernel& kernel_;
  PairForm form_;
  Tensor points_, scores_;
  Tensor point_columns_, score_columns_;  // [D, N], of the fused form
  Tensor joint_, swapped_;                // [N, 2D]: (x, s) and (s, x), of the form by products
  Tensor score_dot_point_;                // [N]
};

// The squared kernel Stein discrepancy as a V-statistic, the mean of u over all N^2 pairs, and as a
// U-statistic, its mean over i != j. The latter is NaN for a single point.
struct SteinStatistics {
  double v = 0;
  double u = 0;
};

// points and scores [N, D], float64 on the CPU. One pass over the pairs, memory O(N D).
SteinStatistics stein_statistics(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
                                 PairForm form = PairForm::automatic);

// ksd_imq_v, ksd_imq_u, ksd_rbf_v and ksd_rbf_u.
void add_ksd(MetricRegistry& registry);

}  // namespace samplerbench::metrics
