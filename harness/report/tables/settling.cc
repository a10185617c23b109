#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include "harness/report/analysis/settling.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

struct SettlingRow {
  std::string target;
  const SamplerChoice* sampler = nullptr;
  Score final_value;
  Score reach_s, reach_gradients, reach_passes;
  Score stay_s;
};

SettlingRow row_of(const Grid& grid, const std::string& target, const SamplerChoice& sampler) {
  const Settling& settling = *grid.experiment().settle;
  const auto spent = [&](const char* name) {
    return grid.score(target, sampler.label, settling_quantity(name, settling));
  };
  return {.target = target,
          .sampler = &sampler,
          .final_value = grid.score(target, sampler.label, quantity_named(settling.metric)),
          .reach_s = spent("reach.wall_s"),
          .reach_gradients = spent("reach.gradients"),
          .reach_passes = spent("reach.data_passes"),
          .stay_s = spent("settle.wall_s")};
}

// Says how many runs never came to it.
Cell spent_cell(const Score& score, const char* verb) {
  Cell cell = mean_cell(score);
  const auto moving = score.failures.find("no value");
  if (moving != score.failures.end())
    cell.note = fmt::format("{} of {} not {}", moving->second, score.by_seed.size(), verb);
  return cell;
}

std::vector<ColumnOf<SettlingRow>> columns(const std::string& metric) {
  return {
      {"target", false, "target", [](const SettlingRow& r) { return Cell{r.target}; }},
      {"sampler", false, "", [](const SettlingRow& r) { return Cell{r.sampler->heading()}; }},
      {"", false, "sampler", [](const SettlingRow& r) { return Cell{r.sampler->label}; }},
      {"final " + metric, true, "final", [](const SettlingRow& r) { return mean_cell(r.final_value); }},
      {"", true, "final_half_width", [](const SettlingRow& r) { return half_width_cell(r.final_value); }},
      {"seconds to reach", true, "reach_wall_s",
       [](const SettlingRow& r) { return spent_cell(r.reach_s, "reached"); }},
      {"", true, "reach_wall_s_half_width", [](const SettlingRow& r) { return half_width_cell(r.reach_s); }},
      {"gradients to reach", true, "reach_gradients",
       [](const SettlingRow& r) { return spent_cell(r.reach_gradients, "reached"); }},
      {"passes to reach", true, "reach_data_passes",
       [](const SettlingRow& r) { return spent_cell(r.reach_passes, "reached"); }},
      {"", false, "reach_note", [](const SettlingRow& r) { return Cell{failure_words(r.reach_s)}; }},
      {"seconds to stay", true, "settle_wall_s",
       [](const SettlingRow& r) { return spent_cell(r.stay_s, "settled"); }},
      {"", true, "settle_wall_s_half_width", [](const SettlingRow& r) { return half_width_cell(r.stay_s); }},
      {"", false, "settle_note", [](const SettlingRow& r) { return Cell{failure_words(r.stay_s)}; }},
  };
}

}  // namespace

Table settling_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  Table table{.name = "settling", .title = "Time to settle"};
  if (!experiment.settle) return table;
  std::vector<SettlingRow> rows;
  for (const Choice& target : experiment.targets)
    for (const SamplerChoice& sampler : experiment.samplers)
      rows.push_back(row_of(grid, target.label, sampler));
  fill(table, columns(experiment.settle->metric), rows);
  table.notes = {fmt::format(
      "To reach: what step had spent at the first checkpoint at which {0} is within {1} of its last "
      "value. To stay: at the first one from which on it stays there. Means over the finished runs "
      "of {2} ± the half-width of the 95 % Student t interval. Checkpoints stand at geometric shares "
      "of the budget, so these are upper bounds. Not reached, not settled: only the last checkpoint "
      "is that near.",
      experiment.settle->metric, exact_number(experiment.settle->within), seeds_words(experiment))};
  for (const std::string& note : setting_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
