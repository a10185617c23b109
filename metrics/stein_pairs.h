#pragma once

#include "core/tensor.h"
#include "metrics/pairwise.h"
#include "metrics/radial_kernel.h"

namespace samplerbench::metrics {

// Points, the target's scores there, and Stein's kernel of every pair:
//   u(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + tr grad_x grad_y k
// (Liu, Lee and Jordan 2016; Chwialkowski, Strathmann and Gretton 2016). `kernel` must outlive this object.
// All functions but diagonal() throw CannotJudge as the sums over pairs do; scores that are not finite make
// the sums NaN or infinite.
class SteinPairs {
 public:
  // points and scores [N, D], float64 on the CPU.
  SteinPairs(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
             PairForm form = PairForm::automatic);

  // sum over i != j of u(x_i, x_j). Memory O(N D).
  double off_diagonal() const;

  // u(x_i, x_i) of every point: [N].
  Tensor diagonal() const;

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
  // Of the form by products, x and s about their centres: (x, s) and (s, x) [N, 2D], s.x, |x| and |s| [N].
  Tensor joint_, swapped_;
  Tensor score_dot_point_, point_lengths_, score_lengths_;
};

// The squared kernel Stein discrepancy as a V-statistic, the mean of u over all N^2 pairs, and as a
// U-statistic, its mean over i != j. The latter is NaN for a single point, and leaves out u(x_i, x_i):
// `largest_own` is the largest of these over their sum, near 1 where a draw that dwarfs the others goes
// unseen.
struct SteinStatistics {
  double v = 0;
  double u = 0;
  double largest_own = 0;
};

// points and scores [N, D], float64 on the CPU. One pass over the pairs, memory O(N D).
SteinStatistics stein_statistics(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
                                 PairForm form = PairForm::automatic);

}  // namespace samplerbench::metrics
