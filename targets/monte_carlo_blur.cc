#include "targets/monte_carlo_blur.h"

#include <cmath>

#include "core/error.h"
#include "targets/graph.h"

namespace samplerbench::targets {

MonteCarloBlur::MonteCarloBlur(const Target& base, const Tensor& sigma, Rng& rng,
                               const BlurSettings& settings)
    : base_(base),
      sigma_(sigma.detach()),
      settings_(settings),
      rng_(static_cast<uint64_t>(rng.integers(INT64_MAX, {1}, torch::kLong).item<int64_t>())) {
  if (settings.points < 1)
    throw InputError("a blur needs at least one point, not " + std::to_string(settings.points));
  if (!(settings.tau >= 0)) throw InputError("a blur's tau must not be negative");
  if (sigma.dim() > 1) throw InputError("a blur's sigma is a scalar or one number a row");
}

const Tensor& MonteCarloBlur::normals(const Tensor& x) const {
  if (!normals_.defined()) {
    const int64_t pairs = (settings_.points + 1) / 2;
    const Tensor half = rng_.normal({x.size(0), pairs, x.size(1)}, x.options().requires_grad(false));
    normals_ = torch::cat({half, -half}, 1);
  }
  if (normals_.size(0) != x.size(0))
    throw InputError("this blur holds normals for " + std::to_string(normals_.size(0)) + " points, not " +
                     std::to_string(x.size(0)));
  return normals_;
}

Tensor MonteCarloBlur::sigma_column(const Tensor& x) const { return sigma_.to(x.options()).reshape({-1, 1}); }

Tensor MonteCarloBlur::displaced(const Tensor& x) const {
  return torch::addcmul(x.unsqueeze(1), normals(x), sigma_column(x).unsqueeze(2)).reshape({-1, x.size(1)});
}

Tensor MonteCarloBlur::log_mean(const Tensor& values) const {
  return values.logsumexp(1) - std::log(static_cast<double>(values.size(1)));
}

// With c = sigma / (sigma^2 + tau^2), the share of the noise is c sigma and its term c sum_k w_k e_k: nothing
// is divided by sigma.
Tensor MonteCarloBlur::blended(const Tensor& x, const Tensor& weights, const Tensor& scores) const {
  const Tensor& e = normals(x);
  const Tensor row = weights.unsqueeze(1);
  const Tensor of_target = row.bmm(scores.reshape(e.sizes())).squeeze(1);
  const Tensor of_noise = row.bmm(e).squeeze(1);
  const Tensor sigma = sigma_column(x);
  const Tensor c = sigma / (sigma.square() + settings_.tau * settings_.tau);
  return torch::addcmul(of_target * (1 - c * sigma), of_noise, c);
}

Tensor MonteCarloBlur::log_density(const Tensor& x) const {
  return log_mean(base_.log_density(displaced(x)).reshape({x.size(0), -1}));
}

Tensor MonteCarloBlur::score(const Tensor& x) const {
  if (!is_in_graph(x)) return value_and_score(x).score;
  const Tensor y = displaced(x);
  return blended(x, base_.log_density(y).reshape({x.size(0), -1}).softmax(1), base_.score(y));
}

ValueAndScore MonteCarloBlur::value_and_score(const Tensor& x) const {
  torch::NoGradGuard no_grad;
  const ValueAndScore base = base_.value_and_score(displaced(x));
  const Tensor values = base.value.reshape({x.size(0), -1});
  return {log_mean(values), blended(x, values.softmax(1), base.score)};
}

}  // namespace samplerbench::targets
