#include "targets/minibatched_target.h"

#include "targets/laplace.h"

namespace samplerbench::targets {

MinibatchedTarget::MinibatchedTarget(std::unique_ptr<const Target> inner, int64_t size, Rng rng,
                                     ControlVariates control, const Tensor& centre)
    : inner_(std::move(inner)),
      size_(size),
      rng_(std::move(rng)),
      share_(view()->data_share()),
      control_(control) {
  if (control_ == ControlVariates::none) return;
  centre_ = centre.detach().unsqueeze(0);
  at_centre_ = expansion(*inner_, centre_.options());
}

MinibatchedTarget::Expansion MinibatchedTarget::expansion(const Target& target,
                                                          const torch::TensorOptions& placement) const {
  const Tensor centre = centre_.to(placement);
  const ValueAndScore here = target.value_and_score(centre);
  const bool second = control_ == ControlVariates::second;
  return {here.value, here.score, second ? hessian(target, centre.squeeze(0)) : Tensor()};
}

MinibatchedTarget::Expansion MinibatchedTarget::correction(const Target& minibatch, const Tensor& x) const {
  const torch::TensorOptions placement = x.options().requires_grad(false);
  const Expansion here = expansion(minibatch, placement);
  const auto gained = [&](const Tensor& all, const Tensor& part) {
    return all.to(placement) - part.to(placement);
  };
  return {gained(at_centre_.value, here.value), gained(at_centre_.score, here.score),
          here.hessian.defined() ? gained(at_centre_.hessian, here.hessian) : Tensor()};
}

Tensor MinibatchedTarget::value_of(const Expansion& expansion, const Tensor& x) const {
  if (!expansion.hessian.defined()) return expansion.value;
  const Tensor u = x - centre_.to(x.options().requires_grad(false));
  return expansion.value + (u * (expansion.score + u.mm(expansion.hessian) / 2)).sum(1);
}

Tensor MinibatchedTarget::score_of(const Expansion& expansion, const Tensor& x) const {
  if (!expansion.hessian.defined()) return expansion.score;
  return expansion.score + (x - centre_.to(x.options().requires_grad(false))).mm(expansion.hessian);
}

Tensor MinibatchedTarget::log_density(const Tensor& x) const {
  const auto minibatch = view();
  const Tensor value = minibatch->log_density(x);
  return centre_.defined() ? value + value_of(correction(*minibatch, x), x) : value;
}

Tensor MinibatchedTarget::score(const Tensor& x) const {
  const auto minibatch = view();
  const Tensor score = minibatch->score(x);
  return centre_.defined() ? score + score_of(correction(*minibatch, x), x) : score;
}

ValueAndScore MinibatchedTarget::value_and_score(const Tensor& x) const {
  const auto minibatch = view();
  ValueAndScore both = minibatch->value_and_score(x);
  if (!centre_.defined()) return both;
  torch::NoGradGuard no_grad;
  const Expansion more = correction(*minibatch, x);
  return {both.value.add_(value_of(more, x)), both.score.add_(score_of(more, x))};
}

}  // namespace samplerbench::targets
