#pragma once

#include "core/placed.h"
#include "targets/affine_map.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A target in coordinates z with x = mean + L z: log q(mean + L z), without the constant log |det L|. If L is
// a Cholesky factor of the target's covariance, z is about N(0, I). An evaluation is one of the inner target
// and two products with L.
class AffineTarget : public Target {
 public:
  // `inner` must outlive this object. Throws InputError for a map whose shapes do not fit `inner`.
  AffineTarget(const Target& inner, const AffineMap& map);
  // Owns `inner`.
  AffineTarget(std::unique_ptr<const Target> inner, const AffineMap& map);

  // The x of each z: [N, D] -> [N, D].
  Tensor map(const Tensor& z) const;
  const AffineMap& coordinates() const { return map_; }

  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& z) const override { return inner_.log_density(map(z)); }
  Tensor score(const Tensor& z) const override;
  ValueAndScore value_and_score(const Tensor& z) const override;
  void evaluate(int64_t n, const float* z, float* value, float* score) const override;
  void evaluate(int64_t n, const double* z, double* value, double* score) const override;
  bool evaluates_plainly() const override { return inner_.evaluates_plainly(); }
  std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const override;
  double data_share() const override { return inner_.data_share(); }

 private:
  template <class T>
  void evaluate_plainly(int64_t n, const T* z, T* value, T* score) const;

  std::unique_ptr<const Target> owned_;
  const Target& inner_;
  AffineMap map_;
  PlacedTensor mean_;               // [D]
  PlacedTensor factor_;             // [D, D]
  PlacedTensor transposed_factor_;  // [D, D]
};

}  // namespace samplerbench::targets
