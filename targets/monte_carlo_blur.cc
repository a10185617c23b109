#include "targets/monte_carlo_blur.h"

#include <cmath>

namespace samplerbench::targets {

MonteCarloBlur::MonteCarloBlur(const Target& base, const Tensor& sigma, Rng& rng, const BlurSettings& settings)
    : base_(base),
      sigma_(sigma.detach()),
      settings_(settings),
      rng_(static_cast<uint64_t>(rng.integers(INT64_MAX, {1}, torch::kInt64).item<int64_t>())) {}

const Tensor& MonteCarloBlur::normals(const Tensor& x) const {
  if (!normals_.defined()) {
    const Tensor half = rng_.normal({x.size(0), (settings_.points + 1) / 2, x.size(1)}, x.options().requires_grad(false));
    normals_ = torch::cat({half, -half}, 1);
  }
  return normals_;
}

Tensor MonteCarloBlur::sigma_column(const Tensor& x) const { return sigma_.to(x.options()).reshape({-1, 1}); }

Tensor MonteCarloBlur::log_density(const Tensor& x) const {
  const Tensor& e = normals(x);
  const Tensor y = x.unsqueeze(1) + sigma_column(x).unsqueeze(2) * e;
  const Tensor values = base_.log_density(y.reshape({-1, x.size(1)})).reshape({x.size(0), -1});
  return values.logsumexp(1) - std::log(static_cast<double>(e.size(1)));
}

Tensor MonteCarloBlur::score(const Tensor& x) const {
  const Tensor& e = normals(x);
  const Tensor sigma = sigma_column(x);
  const Tensor y = (x.unsqueeze(1) + sigma.unsqueeze(2) * e).reshape({-1, x.size(1)});
  const Tensor weights = base_.log_density(y).reshape({x.size(0), -1}).softmax(1).unsqueeze(2);
  const Tensor of_target = (weights * base_.score(y).reshape(e.sizes())).sum(1);
  const Tensor of_noise = (weights * e).sum(1) / sigma;
  const Tensor share = sigma.square() / (sigma.square() + settings_.tau * settings_.tau);
  return torch::lerp(of_target, of_noise, share.expand_as(x));
}

ValueAndScore MonteCarloBlur::value_and_score(const Tensor& x) const {
  torch::NoGradGuard no_grad;
  return {log_density(x.detach()), score(x.detach())};
}

}  // namespace samplerbench::targets
