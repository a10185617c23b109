#include "harness/report/analysis/costs.h"

#include <cmath>
#include <limits>

namespace samplerbench::harness::reporting {
namespace {

using samplers::DrawsAre;

std::optional<double> effective_draws(const CheckpointLine& checkpoint) {
  for (const auto& [label, outcome] : checkpoint.metrics) {
    if (label.starts_with("ess_bulk") && outcome.value && *outcome.value > 0) return outcome.value;
  }
  return std::nullopt;
}

// The least over the checkpoints, which favours MCMC: later ones hold a thinned history, whose ESS is a lower
// bound of the chains' own.
std::optional<double> seconds_an_effective_draw(const Run& run) {
  std::optional<double> least;
  for (const CheckpointLine& checkpoint : run.checkpoints) {
    const double draws = effective_draws(checkpoint).value_or(static_cast<double>(checkpoint.draw.n));
    if (draws <= 0) continue;
    const double seconds = (checkpoint.train.wall_s + checkpoint.draw.wall_s) / draws;
    if (!least || seconds < *least) least = seconds;
  }
  return least;
}

std::optional<double> seconds_a_draw(const Run& run) {
  const CheckpointLine& last = run.checkpoints.back();
  if (last.draw.n <= 0) return std::nullopt;
  return last.draw.wall_s / static_cast<double>(last.draw.n);
}

std::string first_metric(const Experiment& experiment) {
  return experiment.metrics.empty() ? "" : experiment.metrics.front().label;
}

const SamplerChoice* sampler_named(const Experiment& experiment, const std::string& label) {
  for (const SamplerChoice& sampler : experiment.samplers)
    if (sampler.label == label) return &sampler;
  return nullptr;
}

// The label of the best sampler by the first metric whose draws are chains or made afresh; empty where none
// finished.
std::string best_chains(const Grid& grid, const std::string& target) {
  const std::string metric = first_metric(grid.experiment());
  const std::vector<Score> scores = grid.judged(target, metric);
  const double sign = grid.better(metric) == "higher" ? -1 : 1;
  double best = std::numeric_limits<double>::infinity();
  std::string label;
  for (size_t i = 0; i < scores.size(); ++i) {
    const SamplerChoice& sampler = grid.experiment().samplers[i];
    if (sampler.draws != DrawsAre::chains && sampler.draws != DrawsAre::fresh) continue;
    if (!scores[i].complete() || sign * scores[i].estimate.mean >= best) continue;
    best = sign * scores[i].estimate.mean;
    label = sampler.label;
  }
  return label;
}

Yardstick yardstick_of(const Grid& grid, const std::string& target) {
  const std::string chosen = grid.experiment().yardstick();
  Yardstick yardstick{.sampler = chosen.empty() ? best_chains(grid, target) : chosen};
  const SamplerChoice* sampler = sampler_named(grid.experiment(), yardstick.sampler);
  if (sampler == nullptr) return {};
  yardstick.seconds = grid.score(target, yardstick.sampler, seconds_an_effective_draw).estimate.mean;
  const Run* run = grid.run(target, yardstick.sampler, 0);
  yardstick.measured =
      run != nullptr && run->finished() && effective_draws(run->checkpoints.back()).has_value();
  yardstick.independent = sampler->draws == DrawsAre::fresh;
  return yardstick;
}

std::optional<double> break_even(const SamplerCost& cost) {
  const double train_s = cost.train_s.estimate.mean, draw_s = cost.draw_s.estimate.mean;
  const double chain_s = cost.yardstick->seconds;
  const bool known = !cost.yardstick->sampler.empty() && std::isfinite(chain_s) && std::isfinite(train_s) &&
                     std::isfinite(draw_s);
  if (!known || cost.is_yardstick() || cost.sampler->draws != DrawsAre::trained) return std::nullopt;
  return break_even_draws(train_s, draw_s, chain_s);
}

std::optional<double> speed_up(const Grid& grid, const SamplerCost& cost) {
  if (cost.sampler->draws == DrawsAre::particles || cost.yardstick->sampler.empty()) return std::nullopt;
  const Score own = cost.sampler->draws == DrawsAre::chains
                        ? grid.score(cost.target, cost.sampler->label, seconds_an_effective_draw)
                        : cost.draw_s;
  const double ratio = cost.yardstick->seconds / own.estimate.mean;
  return own.estimate.count > 0 && std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

SamplerCost cost_of(const Grid& grid, const std::string& target, const SamplerChoice& sampler,
                    const Score& quality, const Yardstick& yardstick) {
  const auto score = [&](const Quantity& quantity) { return grid.score(target, sampler.label, quantity); };
  SamplerCost cost{.target = target,
                   .sampler = &sampler,
                   .yardstick = &yardstick,
                   .quality = quality,
                   .train_s = score(quantity_named("train.wall_s")),
                   .draw_s = score(seconds_a_draw),
                   .gradients = score(quantity_named("train.gradients")),
                   .densities = score(quantity_named("train.density")),
                   .data_passes = score(quantity_named("train.data_passes")),
                   .draw_gradients = score(quantity_named("draw.gradients")),
                   .memory_mib = score(quantity_named("peak_memory_mib"))};
  cost.break_even = break_even(cost);
  cost.speed_up = speed_up(grid, cost);
  return cost;
}

}  // namespace

double break_even_draws(double train_s, double draw_s, double chain_s) {
  return chain_s > draw_s ? train_s / (chain_s - draw_s) : std::numeric_limits<double>::infinity();
}

Costs::Costs(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  for (const Choice& target : experiment.targets) yardsticks_.push_back(yardstick_of(grid, target.label));
  for (size_t t = 0; t < experiment.targets.size(); ++t) {
    const std::string& target = experiment.targets[t].label;
    const std::vector<Score> quality = grid.judged(target, first_metric(experiment));
    for (size_t s = 0; s < experiment.samplers.size(); ++s)
      all_.push_back(cost_of(grid, target, experiment.samplers[s], quality[s], yardsticks_[t]));
  }
}

}  // namespace samplerbench::harness::reporting
