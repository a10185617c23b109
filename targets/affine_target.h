#pragma once

#include "core/placed.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A target in coordinates z with x = mean + L z: log q(mean + L z), without the constant log |det L|. If L is
// a Cholesky factor of the target's covariance, z is about N(0, I).
class AffineTarget : public Target {
 public:
  // `mean` [D] and `factor` [D, D], float64 on the CPU. `inner` must outlive this object. Throws
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
  PlacedTensor mean_;               // [D]
  PlacedTensor factor_;             // [D, D]
  PlacedTensor transposed_factor_;  // [D, D]
};

}  // namespace samplerbench::targets
