#include "samplers/learners/class_chains.h"

#include <cmath>
#include <utility>

namespace samplerbench::samplers {
namespace {

// Reflects every coordinate at 0 and 1 until it lies between, in place.
void reflect_into_box(Tensor& x) { x.abs_().remainder_(2).sub_(1).abs_().neg_().add_(1); }

}  // namespace

ClassChains::ClassChains(targets::ClassifierModel model, double centre, const ClassChainSettings& settings)
    : network_(std::move(model.network)),
      weights_(network_.unflatten(model.weights)),
      centre_(centre),
      settings_(settings) {}

Tensor ClassChains::logits(const Tensor& x) const {
  torch::NoGradGuard no_grad;
  return network_.logits(x.to(placement()) - centre_, weights_);
}

Tensor ClassChains::slope(const Tensor& x, const Tensor& labels) const {
  torch::NoGradGuard no_grad;
  const Tensor here = x.to(placement());
  return slope_of(here, network_.of_class(labels.to(here.device()), here));
}

Tensor ClassChains::slope_of(const Tensor& x, const Tensor& shares) const {
  const Tensor z = x - centre_;
  return network_.slope(shares, z, network_.trace(z, weights_), weights_);
}

Tensor ClassChains::start(int64_t n, Rng& rng) const {
  Tensor x = rng.normal({n, network_.shape().dim}, placement()).mul_(settings_.start_sd).add_(centre_);
  if (settings_.box) x.clamp_(0, 1);
  return x;
}

Tensor ClassChains::draws(const Tensor& labels, Rng& rng) const {
  torch::NoGradGuard no_grad;
  Tensor x = start(labels.size(0), rng), noise = torch::empty_like(x);
  const Tensor shares = network_.of_class(labels.to(x.device()), x);
  const double spread = std::sqrt(settings_.step_size);
  for (int64_t step = 0; step < settings_.steps; ++step) {
    rng.fill_normal(noise);
    x.add_(slope_of(x, shares), settings_.step_size / 2).add_(noise, spread);
    if (settings_.box) reflect_into_box(x);
  }
  return x;
}

Tensor ClassChains::ascents(const Tensor& labels, Rng& rng) const {
  torch::NoGradGuard no_grad;
  Tensor x = start(labels.size(0), rng);
  const Tensor shares = network_.of_class(labels.to(x.device()), x);
  for (int64_t step = 0; step < settings_.steps; ++step) {
    x.add_(slope_of(x, shares), settings_.ascent_step);
    if (settings_.box) x.clamp_(0, 1);
  }
  return x;
}

}  // namespace samplerbench::samplers
