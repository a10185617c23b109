#pragma once

#include "core/usage.h"
#include "targets/target.h"

namespace samplerbench::targets {

// The same target, with every evaluation counted per point in `meter`, and the share of the data that it
// reads. A gradient that a sampler takes by autograd through log_density counts as a score, a gradient
// through a score as a Hessian-vector product: a hook on a view of the input sees both, where a hook on the
// output would miss the second.
class MeteredTarget : public Target {
 public:
  // Refers to `inner` and `meter`, which must outlive it and every graph that was built through it.
  MeteredTarget(const Target& inner, Meter& meter) : inner_(inner), meter_(meter) {}
  // Owns `inner`.
  MeteredTarget(std::unique_ptr<const Target> inner, Meter& meter)
      : owned_(std::move(inner)), inner_(*owned_), meter_(meter) {}

  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override;
  Tensor score(const Tensor& x) const override;
  ValueAndScore value_and_score(const Tensor& x) const override;
  std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const override;
  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override;
  double data_share() const override { return inner_.data_share(); }

 private:
  std::unique_ptr<const Target> owned_;
  const Target& inner_;
  Meter& meter_;
};

}  // namespace samplerbench::targets
