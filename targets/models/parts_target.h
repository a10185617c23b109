#pragma once

#include "targets/pointwise_target.h"

namespace samplerbench::targets {

// A target whose log density and score are made of the same parts of the points. Own has, in public,
//   Parts parts_of(const Tensor& x) const        of [N, D]
//   Tensor value_from(const Parts& parts) const  [N]
//   Tensor score_from(const Parts& parts) const  [N, D]
// with a type Parts of its own, and what Base asks for.
template <class Own, class Base = PointwiseTarget<Own>>
class PartsTarget : public Base {
 public:
  using Base::Base;

  Tensor log_density(const Tensor& x) const override { return own().value_from(own().parts_of(x)); }

  Tensor score(const Tensor& x) const override { return own().score_from(own().parts_of(x)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const auto parts = own().parts_of(x);
    return {own().value_from(parts), own().score_from(parts)};
  }

 private:
  const Own& own() const { return static_cast<const Own&>(*this); }
};

}  // namespace samplerbench::targets
