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

// The sampler that the others are compared with, on one target: the spec's choice, else the best MCMC.
struct Yardstick {
  std::string sampler;       // empty where no MCMC finished
  double seconds = 0;        // wall-clock seconds an effective draw
  bool measured = false;     // by bulk ESS; else each draw counts as one
  bool independent = false;  // each draw is of a chain of its own
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

// The label of the best MCMC by a metric, or nothing where none finished.
std::string best_chains(const Grid& grid, const std::string& target, const std::string& metric) {
  const std::vector<Score> scores = grid.judged(target, metric);
  const double sign = grid.better(metric) == "higher" ? -1 : 1;
  double best = std::numeric_limits<double>::infinity();
  std::string label;
  for (size_t i = 0; i < scores.size(); ++i) {
    const SamplerEntry& sampler = grid.experiment().samplers[i];
    if (!has_chains(sampler) && !grid.works_when_drawing(sampler.label)) continue;
    if (!scores[i].complete() || sign * scores[i].estimate.mean >= best) continue;
    best = sign * scores[i].estimate.mean;
    label = sampler.label;
  }
  return label;
}

Yardstick yardstick_of(const Grid& grid, const std::string& target, const std::string& metric) {
  const std::string& chosen = grid.experiment().yardstick;
  Yardstick yardstick{.sampler = chosen.empty() ? best_chains(grid, target, metric) : chosen};
  if (yardstick.sampler.empty()) return yardstick;
  yardstick.seconds = grid.score(target, yardstick.sampler, seconds_an_effective_draw).estimate.mean;
  const Run* run = grid.run(target, yardstick.sampler, 0);
  yardstick.measured =
      run != nullptr && run->finished() && effective_draws(run->checkpoints.back()).has_value();
  yardstick.independent = grid.works_when_drawing(yardstick.sampler);
  return yardstick;
}

Cell break_even_cell(const Grid& grid, const SamplerEntry& sampler, const Yardstick& yardstick,
                     double train_s, double draw_s) {
  if (sampler.label == yardstick.sampler) return {"yardstick"};
  if (has_chains(sampler)) return {"chains"};
  if (has_particles(sampler)) return {"fixed set"};
  if (grid.works_when_drawing(sampler.label)) return {"no training"};
  if (yardstick.sampler.empty() || !std::isfinite(yardstick.seconds) || !std::isfinite(train_s) ||
      !std::isfinite(draw_s))
    return {"—"};
  const double draws = break_even_draws(train_s, draw_s, yardstick.seconds);
  if (!std::isfinite(draws)) return {"never", "", std::numeric_limits<double>::infinity()};
  return {grouped(std::ceil(draws)), "", draws};
}

// How many times cheaper a draw is than the yardstick's, training left out. Particles are drawn once.
Cell speed_up_cell(const Grid& grid, const std::string& target, const SamplerEntry& sampler,
                   const Yardstick& yardstick) {
  if (has_particles(sampler)) return {"—"};
  const Estimate own =
      grid.score(target, sampler.label, has_chains(sampler) ? seconds_an_effective_draw : seconds_a_draw)
          .estimate;
  const double ratio = yardstick.seconds / own.mean;
  if (yardstick.sampler.empty() || own.count == 0 || !std::isfinite(ratio)) return {"—"};
  return {short_number(ratio), "", ratio};
}

// Whether draws are compared one by one: the spec names a yardstick, or some sampler works when it draws.
bool compares_draws(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  return !experiment.yardstick.empty() ||
         std::any_of(experiment.samplers.begin(), experiment.samplers.end(),
                     [&](const SamplerEntry& sampler) { return grid.works_when_drawing(sampler.label); });
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
  const bool speeds = compares_draws(grid);
  if (speeds) {
    table.columns.insert(table.columns.end() - 1, {"speed-up of a draw", true});
    table.data.front().push_back("speed_up");
  }
  std::string yardsticks;
  bool measured = true;
  bool independent = true;
  for (const TargetEntry& target : experiment.targets) {
    const Yardstick yardstick = yardstick_of(grid, target.label, metric);
    const std::vector<Score> quality = grid.judged(target.label, metric);
    if (!yardstick.sampler.empty()) {
      yardsticks += fmt::format("{}{}: {} at {} s", yardsticks.empty() ? "" : "; ", target.label,
                                yardstick.sampler, short_number(yardstick.seconds));
      measured = measured && yardstick.measured;
      independent = independent && yardstick.independent;
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
      const Cell even = break_even_cell(grid, sampler, yardstick, train.estimate.mean, draw.estimate.mean);
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
      if (!speeds) continue;
      const Cell speed = speed_up_cell(grid, target.label, sampler, yardstick);
      table.rows.back().insert(table.rows.back().end() - 1, speed);
      table.data.back().push_back(speed.order ? exact_number(*speed.order) : "");
    }
  }
  table.notes.push_back(
      fmt::format("Means over the finished runs of {}, ± the half-width of the 95 % Student t interval. "
                  "Gradients: scores and "
                  "Hessian-vector products, per point. Clock: steady, around step and draw alone.",
                  seeds_words(experiment)));
  if (!yardsticks.empty())
    table.notes.push_back(fmt::format(
        "Break-even: the number of draws from which training and drawing is cheaper than {}, "
        "train seconds / (MCMC's seconds a draw − own seconds a draw); MCMC's seconds a draw are its step "
        "and draw seconds over {}, at its cheapest checkpoint. It counts draws, not their quality: "
        "read it with the metric beside it. A fixed set of particles gives no fresh draws. Yardsticks: {} an "
        "effective draw.",
        experiment.yardstick.empty() ? fmt::format("the best MCMC of that target (by {})", metric)
                                     : experiment.yardstick + ", which the spec names",
        measured      ? "its effective draws (bulk ESS)"
        : independent ? "its draws, each of a chain of its own"
                      : "its draws (bulk ESS was not measured)",
        yardsticks));
  if (!yardsticks.empty() && speeds)
    table.notes.push_back(
        "Speed-up of a draw: the yardstick's seconds a draw over the sampler's own, of sets of the same "
        "size; "
        "training is left out, which break-even weighs.");
  for (const std::string& note : oracle_notes(experiment)) table.notes.push_back(note);
  for (const std::string& note : setting_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
