#pragma once

#include "core/rng.h"
#include "targets/target.h"

namespace samplerbench::targets {

// What corrects minibatches about a centre c. With u = x - c, H the Hessian of the log density there, and
// deltas of all data less the minibatch:
//   first   the score gains delta s(c) (Baker et al. 2019, arXiv 1706.05439): its variance falls with |u|^2
//   second  it gains delta s(c) + delta H(c) u, and the value the same by its expansion: it falls with |u|^4
// A prior is the same in both, so that it stays exact.
enum class ControlVariates { none, first, second };

// A target for samplers with stochastic gradients. Every evaluation takes a fresh random minibatch of the
// data, the same rows for all of its points, and is unbiased. Control variates cost each evaluation one more
// point; of the second order also D scores and Hessian-vector products of the minibatch, and as many of all
// data once.
class MinibatchedTarget : public Target {
 public:
  // `centre`: [D], for control variates. Throws InputError if `inner` has no data.
  MinibatchedTarget(std::unique_ptr<const Target> inner, int64_t size, Rng rng,
                    ControlVariates control = ControlVariates::none, const Tensor& centre = {});

  int64_t dim() const override { return inner_->dim(); }
  double data_share() const override { return share_; }
  Tensor log_density(const Tensor& x) const override;
  Tensor score(const Tensor& x) const override;
  ValueAndScore value_and_score(const Tensor& x) const override;

 private:
  // A density near the centre: value [1], score [1, D] and, of the second order, Hessian [D, D].
  struct Expansion {
    Tensor value, score, hessian;
  };

  std::unique_ptr<Target> view() const { return inner_->minibatch(size_, rng_); }
  Expansion expansion(const Target& target, const torch::TensorOptions& placement) const;

  // That of all data less that of the minibatch, in the dtype of x and on its device.
  Expansion correction(const Target& minibatch, const Tensor& x) const;
  Tensor value_of(const Expansion& expansion, const Tensor& x) const;  // [N]
  Tensor score_of(const Expansion& expansion,
                  const Tensor& x) const;  // [N, D], or [1, D] where it is constant

  std::unique_ptr<const Target> inner_;
  int64_t size_;
  mutable Rng rng_;
  double share_;
  ControlVariates control_;
  Tensor centre_;        // [1, D]; undefined where there is none
  Expansion at_centre_;  // of all data
};

}  // namespace samplerbench::targets
