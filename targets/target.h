#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/rng.h"
#include "core/tensor.h"
#include "targets/family.h"

namespace samplerbench::targets {

// A log density and its score at the same points, detached from any graph.
struct ValueAndScore {
  Tensor value;  // [N]
  Tensor score;  // [N, D]
};

// What a target counts itself, since it was made, because no caller can see it.
struct OwnWork {
  int64_t failed = 0;  // evaluations that failed: there the log density is -inf and the score 0
  int64_t scores = 0;  // scores beside those that were asked for: of differences in place of derivatives
};

// How a target without a closed-form blur is blurred by Monte Carlo.
struct BlurSettings {
  int64_t points = 64;  // normals a row, in antithetic pairs
  double tau = 0.25;    // about the target's finest length; above it the score of the noise is used, below it
                        // the target's
};

// An unnormalised density q on R^D. This is all that a sampler sees of it. Every function works in the dtype
// and on the device of its argument. Rows are independent.
class Target {
 public:
  virtual ~Target() = default;

  // Number of coordinates D.
  virtual int64_t dim() const = 0;

  // Whether there is a log density with a score. False for a law that is known by its draws alone: then the
  // functions below throw InputError.
  virtual bool has_density() const { return true; }

  // log q(x) up to a constant: [N, D] -> [N], differentiable in x.
  virtual Tensor log_density(const Tensor& x) const = 0;

  // grad_x log q(x): [N, D] -> [N, D], differentiable in x if x requires a gradient. The default uses
  // autograd.
  virtual Tensor score(const Tensor& x) const;

  // Both in one pass, detached. The default uses autograd.
  virtual ValueAndScore value_and_score(const Tensor& x) const;

  // The same at n points of plain buffers on the CPU, row after row: x [n, D] -> value [n], score [n, D].
  // Evaluates the score alone where `value` is null. For loops over few points, where a tensor costs more
  // than the arithmetic. The default asks score() or value_and_score(); throws InputError where those return
  // another shape.
  virtual void evaluate(int64_t n, const float* x, float* value, float* score) const;
  virtual void evaluate(int64_t n, const double* x, double* value, double* score) const;

  // Whether evaluate() is more than the default.
  virtual bool evaluates_plainly() const { return false; }

  // An unbiased view of this target on `size` random data rows. Throws InputError if the target has no data.
  virtual std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const;

  // The share of the data that one evaluation at one point reads. 0 for a target without data.
  virtual double data_share() const { return 0; }

  // What this target counts itself; nothing for most.
  virtual OwnWork own_work() const { return {}; }

  // The family that this target is a member of; nothing for most. This target must outlive what the result
  // makes.
  virtual std::optional<Family> family() const { return std::nullopt; }

  // q * N(0, sigma^2 I) in closed form, or null if none is known. sigma: [], or [N] for one a row. This
  // target must outlive the result.
  virtual std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const;

  // q * N(0, sigma^2 I): exact if known, else by Monte Carlo with fresh normals from `rng`. This target must
  // outlive the result.
  std::unique_ptr<Target> noised(const Tensor& sigma, Rng& rng, const BlurSettings& settings = {}) const;
};

}  // namespace samplerbench::targets
