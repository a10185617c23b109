#include "harness/report/analysis/costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/report/analysis/calibration.h"
#include "harness/report/analysis/settling.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

using samplers::DrawsAre;

std::optional<double> seconds_an_effective_draw(const Run& run) {
  const CheckpointLine& last = run.checkpoints.back();
  const double draws = effective_draws(last).value_or(static_cast<double>(last.draw.n));
  if (draws <= 0) return std::nullopt;
  return (last.train.cpu_s + last.draw.cpu_s) / draws;
}

// Seconds a draw by the clock that `seconds` reads.
Quantity a_draw(double Usage::*seconds) {
  return [seconds](const Run& run) -> std::optional<double> {
    const DrawUsage& draw = run.checkpoints.back().draw;
    if (draw.n <= 0) return std::nullopt;
    return draw.*seconds / static_cast<double>(draw.n);
  };
}

std::string first_metric(const Experiment& experiment) {
  return experiment.metrics.empty() ? "" : experiment.metrics.front().label;
}

// "R-hat 1.43" where some seed's chains have not mixed; empty also where R-hat was not measured or does not
// apply. `place` is that of the sampler in the experiment.
std::string unmixed(const Grid& grid, const std::string& target, size_t place) {
  for (const Choice& metric : grid.experiment().metrics) {
    if (metric.name != "rhat") continue;
    const Score& rhat = grid.judged(target, metric.label)[place];
    if (rhat.not_finite() > 0) return "R-hat not finite";
    if (rhat.skipped.empty() && !rhat.failures.empty()) return "R-hat not known";
    double worst = 0;
    for (const std::optional<double>& value : rhat.by_seed) worst = std::max(worst, value.value_or(0));
    if (worst >= kConvergedRhat) return fmt::format("R-hat {}", short_number(worst));
  }
  return "";
}

// "ksd_imq_v 2.4 times its noise floor" where the draws are too far from exact ones.
std::string off_target(const Grid& grid, const std::string& target, const Score& score) {
  const std::string metric = first_metric(grid.experiment());
  const std::optional<NoiseFloor>& floor = grid.floor(target, metric);
  if (!floor || floor->higher_is_better || floor->edge() <= 0) return "";
  const double times = score.estimate.mean / floor->edge();
  if (times <= kConvergedFloors) return "";
  return fmt::format("{} {} times its noise floor", metric, short_number(times));
}

struct Candidate {
  const SamplerChoice* sampler = nullptr;
  double badness = std::numeric_limits<double>::infinity();
  std::string unconverged = "not finished";

  bool operator<(const Candidate& other) const {
    return std::pair(!unconverged.empty(), badness) < std::pair(!other.unconverged.empty(), other.badness);
  }
};

Candidate candidate(const Grid& grid, const std::string& target, size_t place, const Score& score) {
  const SamplerChoice& sampler = grid.experiment().samplers[place];
  if (!score.complete()) return {.sampler = &sampler};
  const double sign = grid.better(first_metric(grid.experiment())) == "higher" ? -1 : 1;
  const std::string mixing = unmixed(grid, target, place);
  return {&sampler, sign * score.estimate.mean, mixing.empty() ? off_target(grid, target, score) : mixing};
}

// The spec's choice, else the best sampler by the first metric, converged ones first.
Candidate chosen_yardstick(const Grid& grid, const std::string& target) {
  const Experiment& experiment = grid.experiment();
  const std::string chosen = experiment.yardstick();
  const std::vector<Score>& scores = grid.judged(target, first_metric(experiment));
  Candidate best;
  for (size_t i = 0; i < scores.size(); ++i) {
    const SamplerChoice& sampler = experiment.samplers[i];
    const Candidate own = candidate(grid, target, i, scores[i]);
    if (sampler.label == chosen) return own;
    const bool works_to_draw = sampler.draws == DrawsAre::chains || sampler.draws == DrawsAre::fresh;
    if (chosen.empty() && works_to_draw && scores[i].complete() && own < best) best = own;
  }
  return best;
}

Yardstick yardstick_of(const Grid& grid, const std::string& target) {
  const Candidate candidate = chosen_yardstick(grid, target);
  if (candidate.sampler == nullptr) return {};
  const SamplerChoice& sampler = *candidate.sampler;
  const Run* run = grid.run(target, sampler.label, 0);
  return {
      .sampler = sampler.label,
      .unconverged = candidate.unconverged,
      .named = !grid.experiment().yardstick().empty(),
      .seconds = grid.score(target, sampler.label, seconds_an_effective_draw).estimate.mean,
      .measured = run != nullptr && run->finished() && effective_draws(run->checkpoints.back()).has_value(),
      .independent = sampler.draws == DrawsAre::fresh};
}

// Of a trained sampler, where one of its draws, or of what else is counted, takes `draw_s`, and one of the
// yardstick `chain_s`.
std::optional<double> break_even(const SamplerCost& cost, double draw_s, double chain_s) {
  const double train_s = cost.train_cpu_s.estimate.mean;
  const bool known = cost.yardstick->counts() && !cost.yardstick->timed_apart && std::isfinite(chain_s) &&
                     std::isfinite(train_s) && std::isfinite(draw_s);
  const bool trained = cost.sampler->draws == DrawsAre::trained || cost.sampler->draws == DrawsAre::guided;
  if (!known || cost.is_yardstick() || !trained) return std::nullopt;
  return break_even_draws(train_s, draw_s, chain_s);
}

bool learns_family(const SamplerChoice& sampler) { return sampler.options.value("amortised", false); }

std::optional<FreshRun> fresh_run(const Grid& grid, const SamplerCost& cost) {
  if (!learns_family(*cost.sampler) || !cost.break_even || cost.quality.estimate.count == 0)
    return std::nullopt;
  const std::string metric = first_metric(grid.experiment());
  const Quality same{metric, cost.quality.estimate.mean, grid.better(metric) != "higher"};
  const auto until_same = [&](const char* spent) {
    return times_to(grid, cost.target, cost.yardstick->sampler, same, spent);
  };
  const auto total = [](const TimesTo& times) {
    return times.spent.estimate.mean + times.drawing.estimate.mean;
  };
  const TimesTo seconds = until_same("reach.cpu_s");
  const auto& never = seconds.censored;
  return FreshRun{.cpu_s = total(seconds),
                  .gradients = total(until_same("reach.gradients")),
                  .always_there = std::find(never.begin(), never.end(), true) == never.end()};
}

// Adds what is counted in conditions of a family.
void count_conditions(const Grid& grid, SamplerCost& cost) {
  cost.fresh_run = fresh_run(grid, cost);
  if (!cost.fresh_run) return;
  const auto draws = static_cast<double>(grid.experiment().draws);
  cost.break_even_conditions = break_even(cost, draws * cost.draw_cpu_s.estimate.mean, cost.fresh_run->cpu_s);
  cost.break_even_conditions_by_gradients = break_even_draws(
      cost.gradients.estimate.mean, cost.draw_gradients.estimate.mean, cost.fresh_run->gradients);
}

std::optional<double> speed_up(const Grid& grid, const SamplerCost& cost) {
  const bool has_none = cost.sampler->draws == DrawsAre::particles || cost.sampler->draws == DrawsAre::start;
  if (has_none || cost.yardstick->sampler.empty() || cost.yardstick->timed_apart) return std::nullopt;
  const Score own = cost.sampler->draws == DrawsAre::chains
                        ? grid.score(cost.target, cost.sampler->label, seconds_an_effective_draw)
                        : cost.draw_cpu_s;
  const double ratio = cost.yardstick->seconds / own.estimate.mean;
  return own.estimate.count > 0 && std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

SamplerCost cost_of(const Grid& grid, const std::string& target, const SamplerChoice& sampler,
                    const Score& quality, const Yardstick& yardstick) {
  const auto score = [&](const Quantity& quantity) { return grid.score(target, sampler.label, quantity); };
  const char* train_cpu_s = sampler.trained_elsewhere() ? "declared.cpu_s" : "train.cpu_s";
  SamplerCost cost{.target = target,
                   .sampler = &sampler,
                   .yardstick = &yardstick,
                   .quality = quality,
                   .train_s = score(quantity_named("train.wall_s")),
                   .draw_s = score(a_draw(&Usage::wall_s)),
                   .train_cpu_s = score(quantity_named(train_cpu_s)),
                   .draw_cpu_s = score(a_draw(&Usage::cpu_s)),
                   .gradients = score(training_gradients(sampler)),
                   .densities = score(quantity_named("train.density")),
                   .data_passes = score(quantity_named("train.data_passes")),
                   .exact_draws = score(quantity_named("train.exact_draws")),
                   .failed = score(quantity_named("train.failed")),
                   .target_s = score(quantity_named("train.target_s")),
                   .draw_gradients = score(quantity_named("draw.gradients")),
                   .memory_mib = score(quantity_named("peak_memory_mib"))};
  cost.break_even = break_even(cost, cost.draw_cpu_s.estimate.mean, yardstick.seconds);
  count_conditions(grid, cost);
  cost.speed_up = speed_up(grid, cost);
  return cost;
}

}  // namespace

std::optional<double> effective_draws(const CheckpointLine& checkpoint) {
  for (const auto& [label, outcome] : checkpoint.metrics) {
    if (label.starts_with("ess_bulk") && outcome.value && *outcome.value > 0) return outcome.value;
  }
  return std::nullopt;
}

double break_even_draws(double train_s, double draw_s, double chain_s) {
  return chain_s > draw_s ? train_s / (chain_s - draw_s) : std::numeric_limits<double>::infinity();
}

Costs::Costs(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  const bool timed_apart = machine_mix(grid.results()).mixed;
  for (const Choice& target : experiment.targets) {
    yardsticks_.push_back(yardstick_of(grid, target.label));
    yardsticks_.back().timed_apart = timed_apart;
  }
  for (size_t t = 0; t < experiment.targets.size(); ++t) {
    const std::string& target = experiment.targets[t].label;
    const std::vector<Score>& quality = grid.judged(target, first_metric(experiment));
    for (size_t s = 0; s < experiment.samplers.size(); ++s)
      all_.push_back(cost_of(grid, target, experiment.samplers[s], quality[s], yardsticks_[t]));
  }
}

}  // namespace samplerbench::harness::reporting
