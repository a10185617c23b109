#include "targets/minibatched_target.h"

namespace samplerbench::targets {

MinibatchedTarget::MinibatchedTarget(std::unique_ptr<const Target> inner, int64_t size, Rng rng,
                                     const Tensor& centre)
    : inner_(std::move(inner)), size_(size), rng_(std::move(rng)), share_(view()->data_share()) {
  if (!centre.defined()) return;
  centre_ = centre.detach().unsqueeze(0);
  at_centre_ = inner_->value_and_score(centre_);
}

ValueAndScore MinibatchedTarget::correction(const Target& minibatch, const Tensor& x) const {
  const torch::TensorOptions placement = x.options().requires_grad(false);
  const ValueAndScore here = minibatch.value_and_score(centre_.to(placement));
  return {at_centre_.value.to(placement) - here.value, at_centre_.score.to(placement) - here.score};
}

Tensor MinibatchedTarget::log_density(const Tensor& x) const {
  const auto minibatch = view();
  const Tensor value = minibatch->log_density(x);
  return centre_.defined() ? value + correction(*minibatch, x).value : value;
}

Tensor MinibatchedTarget::score(const Tensor& x) const {
  const auto minibatch = view();
  const Tensor score = minibatch->score(x);
  return centre_.defined() ? score + correction(*minibatch, x).score : score;
}

ValueAndScore MinibatchedTarget::value_and_score(const Tensor& x) const {
  const auto minibatch = view();
  ValueAndScore both = minibatch->value_and_score(x);
  if (!centre_.defined()) return both;
  const ValueAndScore more = correction(*minibatch, x);
  return {both.value.add_(more.value), both.score.add_(more.score)};
}

}  // namespace samplerbench::targets
