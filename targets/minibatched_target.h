#pragma once

#include "core/rng.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A target as samplers of stochastic gradients see it: every evaluation is an unbiased one, on a fresh random
// minibatch of the data, the same rows for all of its points.
class MinibatchedTarget : public Target {
 public:
  // `inner` must outlive it. Throws InputError where `inner` has no data.
  MinibatchedTarget(const Target& inner, int64_t size, Rng rng);

  int64_t dim() const override { return inner_.dim(); }
  double data_share() const override { return share_; }
  Tensor log_density(const Tensor& x) const override { return view()->log_density(x); }
  Tensor score(const Tensor& x) const override { return view()->score(x); }
  ValueAndScore value_and_score(const Tensor& x) const override { return view()->value_and_score(x); }

 private:
  std::unique_ptr<Target> view() const { return inner_.minibatch(size_, rng_); }

  const Target& inner_;
  int64_t size_;
  mutable Rng rng_;
  double share_;
};

}  // namespace samplerbench::targets
