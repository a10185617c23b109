#pragma once

#include "targets/target.h"

namespace samplerbench::targets {

// q blurred by Gaussian noise, q_sigma(x) = E q(x + sigma e). Each row has K antithetic normals e_k, which
// stay the same for the life of the object. Two estimates of the score share the weights w_k = softmax_k log
// q(x + sigma e_k):
//   of the target  sum_k w_k grad log q(x + sigma e_k)   good where sigma is small
//   of the noise   sum_k w_k e_k / sigma                 good where sigma is large
// The result is their mixture, with weight sigma^2 / (sigma^2 + tau^2) on the latter. Both are differentiable
// in x.
class MonteCarloBlur : public Target {
 public:
  // `sigma`: [] or [N], not negative. The first evaluation draws the normals, for as many rows as it has. An
  // odd number of points is raised by one. `base` must outlive this object. Throws InputError for fewer than
  // one point, a negative tau and a sigma of another shape.
  MonteCarloBlur(const Target& base, const Tensor& sigma, Rng& rng, const BlurSettings& settings);

  int64_t dim() const override { return base_.dim(); }

  // log mean_k q(x + sigma e_k): [N, D] -> [N]. This and the next two throw InputError if N differs from the
  // first evaluation's.
  Tensor log_density(const Tensor& x) const override;

  // The blended score: [N, D] -> [N, D]. Costs K log densities and K scores of the base a row.
  Tensor score(const Tensor& x) const override;

  ValueAndScore value_and_score(const Tensor& x) const override;

 private:
  const Tensor& normals(const Tensor& x) const;  // [N, K, D]
  Tensor sigma_column(const Tensor& x) const;    // [1, 1] or [N, 1]
  Tensor displaced(const Tensor& x) const;       // x + sigma e_k: [N * K, D]
  Tensor log_mean(const Tensor& values) const;   // [N, K] -> [N]
  Tensor blended(const Tensor& x, const Tensor& weights,
                 const Tensor& scores) const;  // [N, K], [N * K, D] -> [N, D]

  const Target& base_;
  Tensor sigma_;
  BlurSettings settings_;
  mutable Rng rng_;
  mutable Tensor normals_;
};

}  // namespace samplerbench::targets
