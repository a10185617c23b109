#pragma once

#include "core/rng.h"
#include "targets/target.h"

// What every target must hold, measured. Points x are [N, D] float64; an excess says, point by point, how far
// two things that should agree are apart, in units of a tolerance: [N] float64. Above 1 is a fault, and
// infinity stands for NaN.
namespace samplerbench::targets {

// |actual - expected| / tolerance, the largest of each row: [N] or [N, K] -> [N].
Tensor excess_of(const Tensor& actual, const Tensor& expected, const Tensor& tolerance);

// `share` of the largest entry of each row and of 1: [N, D] -> [N, 1].
Tensor scale_of_rows(const Tensor& values, double share);

// A random direction of length 1 for each point: [N, D] -> [N, D].
Tensor unit_directions(const Tensor& x, Rng& rng);

// Of log densities and of scores.
struct Excess {
  Tensor value, score;
};

// The score against central differences of the log density along random directions.
Tensor score_excess(const Target& target, const Tensor& x, int64_t directions = 8);

// value_and_score() against log_density() and score().
Excess joint_excess(const Target& target, const Tensor& x);

// Half of the points by themselves, in another order, against the same among all: [N / 2].
Excess subset_excess(const Target& target, const Tensor& x);

// float32 against float64 at the same points, as closely as rounding the points to float32 allows; by
// value_and_score() too.
Excess single_precision_excess(const Target& target, const Tensor& x);

// The same target, whose value_and_score() is what evaluate() writes to plain buffers. The target must outlive
// it.
class OnPlainBuffers : public Target {
 public:
  explicit OnPlainBuffers(const Target& inner) : inner_(inner) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x); }
  Tensor score(const Tensor& x) const override { return inner_.score(x); }
  ValueAndScore value_and_score(const Tensor& x) const override;

 private:
  const Target& inner_;
};

}  // namespace samplerbench::targets
