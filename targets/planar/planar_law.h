#pragma once

#include <memory>

#include "targets/planar/planar_jet.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A density q in the plane, convolved with N(0, t I), that is evaluated with its derivatives point by point.
class PlanarLaw {
 public:
  // `added`: t, one number for all rows of a batch or one a row, [1] or [N] float64 on the CPU.
  explicit PlanarLaw(const Tensor& added) : added_(added.contiguous()) {}
  virtual ~PlanarLaw() = default;

  // log q at (x1, x2), row `row` of its batch, with its first `order` (0, 1 or 2) derivatives. The squares of
  // x1 and x2 are finite.
  virtual PlanarJet jet(int64_t row, double x1, double x2, int order) const = 0;

  // log q by tensor operations, differentiable any number of times: [N, 2] float64 -> [N].
  virtual Tensor log_density(const Tensor& x) const = 0;

  // The same density with another t.
  virtual std::shared_ptr<const PlanarLaw> with(const Tensor& added) const = 0;

  const Tensor& added() const { return added_; }

 protected:
  bool varies() const { return added_.numel() > 1; }
  double added_at(int64_t row) const {
    return added_.numel() == 0 ? 0 : added_.data_ptr<double>()[varies() ? row : 0];
  }

 private:
  Tensor added_;
};

// The law as a target. In float32 and float64 on the CPU the log density, its score and products with its
// Hessian come from jets, which work in float64, inside a graph too. Tensor operations give derivatives of
// higher order, and everything for other dtypes and devices.
std::unique_ptr<Target> planar_target(std::shared_ptr<const PlanarLaw> law);

}  // namespace samplerbench::targets
