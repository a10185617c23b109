#pragma once

#include "targets/planar/constant.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A target in the coordinates z of x = mean + L z: log q(mean + L z), the constant log |det L| left out.
// Where L is a Cholesky factor of the target's covariance, z is about N(0, I).
class AffineTarget : public Target {
 public:
  // `mean` [D] and `factor` [D, D], float64 on the CPU. Refers to `inner`, which must outlive it. Throws
  // InputError for shapes that do not fit `inner`.
  AffineTarget(const Target& inner, const Tensor& mean, const Tensor& factor);

  // The x of each z: [N, D] -> [N, D].
  Tensor map(const Tensor& z) const;

  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& z) const override { return inner_.log_density(map(z)); }
  Tensor score(const Tensor& z) const override;
  ValueAndScore value_and_score(const Tensor& z) const override;
  double data_share() const override { return inner_.data_share(); }

 private:
  const Target& inner_;
  Constant mean_;               // [D]
  Constant factor_;             // [D, D]
  Constant transposed_factor_;  // [D, D]
};

}  // namespace samplerbench::targets
