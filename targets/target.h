#pragma once

#include <cstdint>
#include <memory>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// A log density and its score at the same points, detached from any graph: one pass for both.
struct ValueAndScore {
  Tensor value;  // [N]
  Tensor score;  // [N, D]
};

// How a target without a closed-form blur is blurred by Monte Carlo.
struct BlurSettings {
  int64_t points = 64;  // normals a row, in antithetic pairs
  double tau = 0.25;    // about the target's finest length: above it the score of the noise is used, below it
                        // the target's
};

// An unnormalised density q on R^D: all that a sampler may see of it.
// Every function works in the dtype and on the device of its argument, and treats rows independently.
class Target {
 public:
  virtual ~Target() = default;

  // Number of coordinates D.
  virtual int64_t dim() const = 0;

  // log q(x) up to a constant: [N, D] -> [N], differentiable in x.
  virtual Tensor log_density(const Tensor& x) const = 0;

  // grad_x log q(x): [N, D] -> [N, D], differentiable in x where x requires a gradient. By autograd unless
  // overridden.
  virtual Tensor score(const Tensor& x) const;

  // Both at once, detached. By autograd unless overridden.
  virtual ValueAndScore value_and_score(const Tensor& x) const;

  // An unbiased view of this target on `size` randomly chosen data. Throws InputError where there is no data.
  virtual std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const;

  // The share of the target's data that one evaluation at one point reads: 0 for a target without data.
  virtual double data_share() const { return 0; }

  // q * N(0, sigma^2 I) in closed form, sigma of shape [] or [N] (one a row); null where none is known.
  // The result refers to this target, which must outlive it.
  virtual std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const;

  // q * N(0, sigma^2 I): exact where known, else by Monte Carlo with fresh normals from `rng`.
  // The result refers to this target, which must outlive it.
  std::unique_ptr<Target> noised(const Tensor& sigma, Rng& rng, const BlurSettings& settings = {}) const;
};

}  // namespace samplerbench::targets
