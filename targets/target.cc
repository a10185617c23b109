#include "targets/target.h"

#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "targets/monte_carlo_blur.h"

namespace samplerbench::targets {

Tensor Target::score(const Tensor& x) const {
  const bool differentiable = x.requires_grad() && torch::GradMode::is_enabled();
  torch::AutoGradMode enabled(true);
  const Tensor input = differentiable ? x.view_as(x) : x.detach().requires_grad_();
  return torch::autograd::grad({log_density(input).sum()}, {input}, {}, /*retain_graph=*/differentiable,
                               /*create_graph=*/differentiable)[0];
}

ValueAndScore Target::value_and_score(const Tensor& x) const {
  torch::AutoGradMode enabled(true);
  const Tensor input = x.detach().requires_grad_();
  const Tensor value = log_density(input);
  const Tensor score = torch::autograd::grad({value.sum()}, {input})[0];
  return {value.detach(), score};
}

std::unique_ptr<Target> Target::minibatch(int64_t, Rng&) const {
  throw InputError("this target has no data to take minibatches of");
}

std::unique_ptr<Target> Target::noised_exactly(const Tensor&) const { return nullptr; }

std::unique_ptr<Target> Target::noised(const Tensor& sigma, Rng& rng, const BlurSettings& settings) const {
  if (auto exact = noised_exactly(sigma)) return exact;
  return std::make_unique<MonteCarloBlur>(*this, sigma, rng, settings);
}

}  // namespace samplerbench::targets
