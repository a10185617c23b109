#include "harness/report/cost_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/score_cell.h"

namespace samplerbench::harness::reporting {
namespace {

// The MCMC sampler that the others are compared with, on one target.
struct Yardstick {
  std::string sampler;    // empty where no sampler with chains finished
  double seconds = 0;     // wall-clock seconds an effective draw
  bool measured = false;  // by bulk ESS; else each draw counts as one
};

std::optional<double> effective_draws(const Checkpoint& checkpoint) {
  for (const auto& [label, outcome] : checkpoint.metrics) {
    if (label.starts_with("ess_bulk") && outcome.value && *outcome.value > 0) return outcome.value;
  }
  return std::nullopt;
}

// The least over the checkpoints, which favours MCMC: later ones hold a thinned history, whose ESS is a lower
// bound of the chains' own.
std::optional<double> seconds_an_effective_draw(const Run& run) {
  std::optional<double> least;
  for (const Checkpoint& checkpoint : run.checkpoints) {
    const double draws = effective_draws(checkpoint).value_or(static_cast<double>(checkpoint.drawn));
    if (draws <= 0) continue;
    const double seconds = (checkpoint.train.wall_s + checkpoint.draw.wall_s) / draws;
    if (!least || seconds < *least) least = seconds;
  }
  return least;
}

std::optional<double> seconds_a_draw(const Run& run) {
  const Checkpoint& last = run.checkpoints.back();
  if (last.drawn <= 0) return std::nullopt;
  return last.draw.wall_s / static_cast<double>(last.drawn);
}

Yardstick best_chains(const Grid& grid, const std::string& target, const std::string& metric) {
  const std::vector<Score> scores = grid.judged(target, metric);
  const double sign = grid.better(metric) == "higher" ? -1 : 1;
  double best = std::numeric_limits<double>::infinity();
  Yardstick yardstick;
  for (size_t i = 0; i < scores.size(); ++i) {
    const SamplerEntry& sampler = grid.experiment().samplers[i];
    if (!has_chains(sampler) || !scores[i].complete() || sign * scores[i].estimate.mean >= best) continue;
    best = sign * scores[i].estimate.mean;
    yardstick.sampler = sampler.label;
  }
  if (yardstick.sampler.empty()) return yardstick;
  yardstick.seconds = grid.score(target, yardstick.sampler, seconds_an_effective_draw).estimate.mean;
  const Run* run = grid.run(target, yardstick.sampler, 0);
  yardstick.measured = run != nullptr && effective_draws(run->checkpoints.back()).has_value();
  return yardstick;
}

Cell break_even_cell(const SamplerEntry& sampler, const Yardstick& yardstick, double train_s, double draw_s) {
  if (sampler.label == yardstick.sampler) return {"yardstick"};
  if (has_chains(sampler)) return {"chains"};
  if (has_particles(sampler)) return {"fixed set"};
  if (yardstick.sampler.empty() || !std::isfinite(train_s) || !std::isfinite(draw_s)) return {"—"};
  const double draws = break_even_draws(train_s, draw_s, yardstick.seconds);
  if (!std::isfinite(draws)) return {"never", "", std::numeric_limits<double>::infinity()};
  return {grouped(std::ceil(draws)), "", draws};
}

// Whether any run read data.
bool on_data(const Grid& grid) {
  const auto& runs = grid.results().runs;
  return std::any_of(runs.begin(), runs.end(), [](const Run& run) {
    return !run.checkpoints.empty() && run.checkpoints.back().train.data_passes > 0;
  });
}

Cell count_cell(const Score& score) {
  if (score.estimate.count == 0) return {"—"};
  return {grouped(score.estimate.mean), "", score.estimate.mean};
}

std::string csv_mean(const Score& score, double scale = 1) {
  return score.estimate.count == 0 ? "" : exact_number(score.estimate.mean * scale);
}

}  // namespace

double break_even_draws(double train_s, double draw_s, double chain_s) {
  return chain_s > draw_s ? train_s / (chain_s - draw_s) : std::numeric_limits<double>::infinity();
}

Table cost_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  const std::string metric = experiment.metrics.empty() ? "" : experiment.metrics.front();
  Table table{.name = "cost", .title = "Cost"};
  table.columns = {{"target"},
                   {"sampler"},
                   {metric, true},
                   {"train s", true},
                   {"s per 1,000 draws", true},
                   {"train gradients", true},
                   {"train densities", true},
                   {"gradients to draw", true},
                   {"peak MiB", true},
                   {"break-even draws", true}};
  table.data = {{"target", "sampler", "train_s", "train_s_half_width", "s_per_1000_draws", "train_gradients",
                 "train_densities", "train_data_passes", "draw_gradients", "peak_mib", "break_even_draws",
                 "yardstick", "note"}};
  if (on_data(grid)) table.columns.insert(table.columns.end() - 3, {"passes over the data", true});
  std::string yardsticks;
  bool measured = true;
  for (const TargetEntry& target : experiment.targets) {
    const Yardstick yardstick = best_chains(grid, target.label, metric);
    const std::vector<Score> quality = grid.judged(target.label, metric);
    if (!yardstick.sampler.empty()) {
      yardsticks += fmt::format("{}{}: {} at {} s", yardsticks.empty() ? "" : "; ", target.label,
                                yardstick.sampler, short_number(yardstick.seconds));
      measured = measured && yardstick.measured;
    }
    for (size_t i = 0; i < experiment.samplers.size(); ++i) {
      const SamplerEntry& sampler = experiment.samplers[i];
      const auto score = [&](const Quantity& quantity) {
        return grid.score(target.label, sampler.label, quantity);
      };
      const Score train = score(quantity_named("train.wall_s"));
      const Score draw = score(seconds_a_draw);
      const Score gradients = score(quantity_named("train.gradients"));
      const Score densities = score(quantity_named("train.density"));
      const Score passes = score(quantity_named("train.data_passes"));
      const Score draw_gradients = score(quantity_named("draw.gradients"));
      const Score memory = score(quantity_named("peak_memory_mib"));
      const Cell even = break_even_cell(sampler, yardstick, train.estimate.mean, draw.estimate.mean);
      const Score& own = quality[i];
      Cell judged{own.estimate.count > 0 ? short_number(own.estimate.mean) : "",
                  failure_words(own),
                  std::nullopt,
                  own.best,
                  own.tied,
                  own.at_floor,
                  own.below_floor};
      if (own.estimate.count > 0) judged.order = own.estimate.mean;
      table.rows.push_back({{target.label},
                            {sampler.heading()},
                            judged,
                            number_cell(train),
                            number_cell(draw, 1000),
                            count_cell(gradients),
                            count_cell(densities),
                            count_cell(draw_gradients),
                            memory.estimate.mean > 0 ? count_cell(memory) : Cell{"—"},
                            even});
      if (on_data(grid)) table.rows.back().insert(table.rows.back().end() - 3, count_cell(passes));
      table.data.push_back({target.label, sampler.label, csv_mean(train),
                            train.estimate.count > 1 ? exact_number(train.estimate.half_width) : "",
                            csv_mean(draw, 1000), csv_mean(gradients), csv_mean(densities), csv_mean(passes),
                            csv_mean(draw_gradients), csv_mean(memory),
                            even.order ? exact_number(*even.order) : even.text, yardstick.sampler,
                            failure_words(train)});
    }
  }
  table.notes.push_back(
      fmt::format("Means over the finished runs of {}, ± the half-width of the 95 % Student t interval. "
                  "Gradients: scores and "
                  "Hessian-vector products, per point. Clock: steady, around step and draw alone.",
                  seeds_words(experiment)));
  if (!yardsticks.empty())
    table.notes.push_back(fmt::format(
        "Break-even: the number of draws from which training and drawing is cheaper than the best MCMC of "
        "that target (by {}), "
        "train seconds / (MCMC's seconds a draw − own seconds a draw); MCMC's seconds a draw are its step "
        "and draw seconds over {}, at its cheapest checkpoint. It counts draws, not their quality: "
        "read it with the metric beside it. A fixed set of particles gives no fresh draws. Yardsticks: {} an "
        "effective draw.",
        metric, measured ? "its effective draws (bulk ESS)" : "its draws (bulk ESS was not measured)",
        yardsticks));
  for (const std::string& note : oracle_notes(experiment)) table.notes.push_back(note);
  for (const std::string& note : setting_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
