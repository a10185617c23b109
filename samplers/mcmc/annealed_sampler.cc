#include "samplers/mcmc/annealed_sampler.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace samplerbench::samplers {

AnnealedSampler::AnnealedSampler(const targets::Target& target, const torch::TensorOptions& placement,
                                 const AnnealedSettings& settings)
    : target_(target), placement_(placement), settings_(settings), rungs_(noise_ladder(settings.ladder)) {}

Tensor AnnealedSampler::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  const int64_t rows = std::min(n, settings_.batch);
  if (!buffer_.defined() || buffer_.size(0) < rows) buffer_ = torch::empty({rows, target_.dim()}, placement_);
  Tensor draws = torch::empty({n, target_.dim()}, placement_);
  for (int64_t begin = 0; begin < n; begin += rows) {
    Tensor x = draws.narrow(0, begin, std::min(rows, n - begin));
    rng.fill_normal(x);
    x.mul_(settings_.start_sd).add_(settings_.centre);
    anneal(x, rng);
    if (settings_.denoise) denoise(x, rng);
    // A chain that has left the finite numbers never comes back.
    if (!std::isfinite(x.sum().item<double>())) throw Diverged("a chain left the finite numbers");
  }
  return draws;
}

void AnnealedSampler::denoise(Tensor& x, Rng& rng) const {
  const double sigma = rungs_.back().sigma;
  x.add_(noised(rungs_.back(), rng)->score(x), sigma * sigma);
}

Tensor AnnealedSampler::levels() const {
  std::vector<double> levels;
  for (const Rung& rung : rungs_) levels.push_back(rung.sigma);
  return torch::tensor(levels, torch::kDouble);
}

void AnnealedSampler::load(const Archive& archive) {
  if (!torch::equal(archive.get("ladder"), levels()))
    throw InputError("the saved noise ladder is not that of these options");
}

OptionTable annealed_options(int64_t transitions) {
  const AnnealedSettings fallback;
  OptionTable table = ladder_options();
  const OptionTable own{
      Option::real("centre", fallback.centre, "mean of the first states, in every coordinate")
          .at_least(-1e6)
          .at_most(1e6),
      Option::real("start_sd", fallback.start_sd, "standard deviation of the first states").at_least(0),
      Option::flag("denoise", fallback.denoise,
                   "end with x + sigma_min^2 score(x, sigma_min), which takes the last noise away"),
      Option::integer("batch", fallback.batch, "chains at once").at_least(1),
  };
  table.insert(table.begin(),
               Option::integer("transitions", transitions, "of every draw's own chain").at_least(1));
  table.insert(table.end(), own.begin(), own.end());
  return table;
}

AnnealedSettings annealed_settings(const Options& options) {
  return {.ladder = ladder_settings(options),
          .centre = options.real("centre"),
          .start_sd = options.real("start_sd"),
          .denoise = options.flag("denoise"),
          .batch = options.integer("batch")};
}

void check_annealed(const Options& options) { require_ladder(ladder_settings(options)); }

}  // namespace samplerbench::samplers
