#include "samplers/neural/noise_levels.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "core/named.h"

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> kSchedules{"constant", "anneal", "log_uniform"};

}  // namespace

OptionTable NoiseLevels::options() {
  return grouped(
      "noise levels",
      {Option::choice("sigma_schedule", "constant", kSchedules, "one level, falling, or one a row"),
       Option::real("sigma", 0.1, "narrowest noise level").above(0),
       Option::real("sigma_max", 3.0, "widest").above(0).only_if("sigma_schedule", "anneal", "log_uniform"),
       Option::flag("antithetic", true, "noise in pairs (e, -e) about the same x0"),
       Option::flag("draw_noise", true, "draws are g(z) + sigma e, not g(z)")});
}

NoiseLevels::NoiseLevels(const Options& options)
    : schedule(named<Schedule>("noise schedule", kSchedules, options.text("sigma_schedule"))),
      narrow(options.real("sigma")),
      wide(options.real("sigma_max")),
      antithetic(options.flag("antithetic")),
      draw_noise(options.flag("draw_noise")) {
  if (schedule != Schedule::constant && wide < narrow)
    throw InputError(fmt::format("option 'sigma_max' ({}) must be at least 'sigma' ({})", wide, narrow));
}

Tensor NoiseLevels::levels(int64_t n, double progress, const torch::TensorOptions& placement,
                           Rng& rng) const {
  const double ratio = wide / narrow;
  if (schedule == Schedule::constant) return torch::full({n, 1}, narrow, placement);
  if (schedule == Schedule::anneal)
    return torch::full({n, 1}, narrow * std::pow(ratio, 1 - progress), placement);
  const Tensor strata = torch::arange(n, placement).add_(rng.uniform({n}, placement)).div_(n);
  return strata.mul_(std::log(ratio)).exp_().mul_(narrow).unsqueeze(1);
}

NoisedPoints NoiseLevels::noised(const Tensor& x0, double progress, Rng& rng) const {
  const torch::TensorOptions placement = x0.options().requires_grad(false);
  const Tensor e = rng.normal(x0.sizes(), placement);
  const Tensor sigma = levels(x0.size(0), progress, placement, rng);
  if (!antithetic) return {torch::addcmul(x0, sigma, e), e, sigma};
  const Tensor pairs = torch::cat({e, -e}), both = torch::cat({sigma, sigma});
  return {torch::addcmul(torch::cat({x0, x0}), both, pairs), pairs, both};
}

}  // namespace samplerbench::samplers
