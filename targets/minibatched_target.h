#pragma once

#include "core/rng.h"
#include "targets/target.h"

namespace samplerbench::targets {

// A target for samplers with stochastic gradients. Every evaluation takes a fresh random minibatch of the
// data, the same rows for all of its points, and is unbiased. With a centre c it uses control variates (Baker
// et al. 2019, arXiv 1706.05439): minibatch(x) - minibatch(c) + all(c). Its variance falls with the square of
// the distance from c, and each evaluation costs one more point.
class MinibatchedTarget : public Target {
 public:
  // `centre`: [D], or undefined for none. Throws InputError if `inner` has no data.
  MinibatchedTarget(std::unique_ptr<const Target> inner, int64_t size, Rng rng, const Tensor& centre = {});

  int64_t dim() const override { return inner_->dim(); }
  double data_share() const override { return share_; }
  Tensor log_density(const Tensor& x) const override;
  Tensor score(const Tensor& x) const override;
  ValueAndScore value_and_score(const Tensor& x) const override;

 private:
  std::unique_ptr<Target> view() const { return inner_->minibatch(size_, rng_); }

  // Value [1] and score [1, D] of all data at the centre less those of this minibatch, in the dtype of x.
  ValueAndScore correction(const Target& minibatch, const Tensor& x) const;

  std::unique_ptr<const Target> inner_;
  int64_t size_;
  mutable Rng rng_;
  double share_;
  Tensor centre_;            // [1, D]; undefined where there is none
  ValueAndScore at_centre_;  // of all data
};

}  // namespace samplerbench::targets
