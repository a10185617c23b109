#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include "harness/report/analysis/calibration.h"
#include "harness/report/analysis/settling.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

// What runs spent until they came to rest, and how many never did, of which it is a lower bound.
struct Spent {
  Score score;
  int64_t unsettled = 0;
};

struct SettlingRow {
  std::string target;
  const SamplerChoice* sampler = nullptr;
  Score final_value;
  Spent reach_cpu_s, reach_s, reach_gradients, reach_passes;
  Spent stay_cpu_s, stay_s, stay_gradients;
};

SettlingRow row_of(const Grid& grid, const std::string& target, const SamplerChoice& sampler) {
  const Settling& settling = *grid.experiment().settle;
  const auto spent = [&](const char* name) {
    return Spent{grid.score(target, sampler.label, settling_quantity(name, settling)),
                 unsettled(grid, target, sampler.label, name)};
  };
  return {.target = target,
          .sampler = &sampler,
          .final_value = grid.score(target, sampler.label, quantity_named(settling.metric)),
          .reach_cpu_s = spent("reach.cpu_s"),
          .reach_s = spent("reach.wall_s"),
          .reach_gradients = spent("reach.gradients"),
          .reach_passes = spent("reach.data_passes"),
          .stay_cpu_s = spent("settle.cpu_s"),
          .stay_s = spent("settle.wall_s"),
          .stay_gradients = spent("settle.gradients")};
}

// Says how many runs never came to it.
Cell spent_cell(const Spent& spent, const char* verb) {
  Cell cell = mean_cell(spent.score);
  if (spent.unsettled == 0 || spent.score.estimate.count == 0) return cell;
  cell.text = "> " + short_number(spent.score.estimate.mean);
  cell.note = fmt::format("{} of {} not {}", spent.unsettled, spent.score.by_seed.size(), verb);
  return cell;
}

std::vector<ColumnOf<SettlingRow>> settling_columns(const std::string& metric, bool bounded) {
  using Row = SettlingRow;
  const auto reached = [](std::string title, std::string csv, Spent Row::*spent) {
    return ColumnOf<Row>{std::move(title), true, std::move(csv),
                         [=](const Row& r) { return spent_cell(r.*spent, "reached"); }};
  };
  const auto settled = [](std::string title, std::string csv, Spent Row::*spent) {
    return ColumnOf<Row>{std::move(title), true, std::move(csv),
                         [=](const Row& r) { return spent_cell(r.*spent, "settled"); }};
  };
  std::vector<ColumnOf<Row>> columns{
      {"target", false, "target", [](const Row& r) { return Cell{r.target}; }},
      {"sampler", false, "", [](const Row& r) { return Cell{r.sampler->heading()}; }},
      {"", false, "sampler", [](const Row& r) { return Cell{r.sampler->label}; }},
      {"final " + metric, true, "final", [](const Row& r) { return mean_cell(r.final_value); }},
      {"", true, "final_half_width", [](const Row& r) { return half_width_cell(r.final_value); }},
      reached("CPU seconds to reach", "reach_cpu_s", &Row::reach_cpu_s),
      reached("seconds to reach", "reach_wall_s", &Row::reach_s),
      {"", true, "reach_wall_s_half_width", [](const Row& r) { return half_width_cell(r.reach_s.score); }},
      reached("gradients to reach", "reach_gradients", &Row::reach_gradients),
      reached("passes to reach", "reach_data_passes", &Row::reach_passes),
      {"", true, "reach_censored", [](const Row& r) { return count_cell(r.reach_s.unsettled); }},
      {"", false, "reach_note", [](const Row& r) { return Cell{failure_words(r.reach_s.score)}; }},
      settled("CPU seconds to stay", "settle_cpu_s", &Row::stay_cpu_s),
      settled("seconds to stay", "settle_wall_s", &Row::stay_s),
      {"", true, "settle_wall_s_half_width", [](const Row& r) { return half_width_cell(r.stay_s.score); }},
      {"", true, "settle_censored", [](const Row& r) { return count_cell(r.stay_s.unsettled); }},
      {"", false, "settle_note", [](const Row& r) { return Cell{failure_words(r.stay_s.score)}; }},
  };
  if (bounded) columns.push_back(settled("gradients to stay", "settle_gradients", &Row::stay_gradients));
  return columns;
}

std::string settling_note(const Experiment& experiment) {
  const Settling& settling = *experiment.settle;
  const std::string metric = metric_display(experiment, settling.metric), seeds = seeds_words(experiment);
  if (settling.at_most)
    return fmt::format(
        "To reach: what step had spent at the first checkpoint at which {0} is at most {1}. To stay: at the "
        "first one from which on it stays so to the end. Means over the finished runs of {2} ± the "
        "half-width of the 95 % Student t interval. Checkpoints stand at geometric shares of the budget, so "
        "these are upper bounds, but for runs that never come there (not reached, not settled): they count "
        "with all that they spent, a lower bound, and so does the mean (>).",
        metric, exact_number(*settling.at_most), seeds);
  return fmt::format(
      "To reach: what step had spent at the first checkpoint at which {0} is within {1} of the run's own "
      "last value. To stay: at the first one from which on it stays there. A sampler that ends worse has "
      "less far to go: claims time both of their sides to one quality. Means over the finished runs of {2} ± "
      "the half-width of the 95 % Student t interval. Checkpoints stand at geometric shares of the budget, "
      "so these are upper bounds, but for runs that are near their last value at the last checkpoint alone "
      "(not reached, not settled): they count with all that they spent, a lower bound, and so does the mean "
      "(>).",
      metric, exact_number(settling.within), seeds);
}

}  // namespace

Table settling_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  Table table{.name = "settling", .title = "Time to settle"};
  if (!experiment.settle) return table;
  std::vector<SettlingRow> rows;
  for (const Choice& target : experiment.targets)
    for (const SamplerChoice& sampler : experiment.samplers)
      if (!sampler.trained_elsewhere()) rows.push_back(row_of(grid, target.label, sampler));
  fill(table, settling_columns(experiment.settle->metric, experiment.settle->at_most.has_value()), rows);
  table.notes = {settling_note(experiment)};
  if (const MachineMix mix = machine_mix(grid.results()); mix.mixed)
    table.notes.push_back(mix.words + ": seconds of different runs do not compare.");
  for (const std::string& note : setting_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
