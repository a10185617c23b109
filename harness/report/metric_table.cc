#include "harness/report/metric_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/notes.h"
#include "harness/report/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

// "3.14 × exact", or nothing where the floor is not clear of 0.
std::string floor_ratio(const Estimate& estimate, const FloorValue& floor) {
  if (floor.higher_is_better || floor.mean <= 2 * floor.sd || estimate.count == 0) return "";
  return short_number(estimate.mean / floor.mean) + " × exact";
}

void add_note(Cell& cell, const std::string& words) {
  if (!words.empty()) cell.note = words + (cell.note.empty() ? "" : "; ") + cell.note;
}

Cell score_cell(const Score& score) {
  Cell cell{.note = failure_words(score),
            .best = score.best,
            .tied = score.tied,
            .at_floor = score.at_floor,
            .below_floor = score.below_floor};
  if (score.estimate.count > 0) {
    cell.text = with_interval(score.estimate);
    cell.order = score.estimate.mean;
  }
  return cell;
}

Cell floor_cell(const std::optional<FloorValue>& floor) {
  if (!floor) return {"—"};
  return {fmt::format("{} ({})", short_number(floor->mean), short_number(floor->q95)), "", floor->q95};
}

std::string truth(bool value) { return value ? "true" : "false"; }

std::vector<std::string> data_row(const std::string& target, const std::string& sampler, const Score& score,
                                  const std::optional<FloorValue>& floor) {
  const Estimate& e = score.estimate;
  const bool any = e.count > 0;
  return {target,
          sampler,
          any ? exact_number(e.mean) : "",
          any ? exact_number(e.low()) : "",
          any ? exact_number(e.high()) : "",
          std::to_string(e.count),
          std::to_string(score.by_seed.size()),
          floor ? exact_number(floor->mean) : "",
          floor ? exact_number(floor->q95) : "",
          truth(score.at_floor),
          truth(score.below_floor),
          truth(score.best),
          truth(score.tied),
          score.rank > 0 ? exact_number(score.rank) : "",
          failure_words(score)};
}

std::vector<std::string> metric_notes(const Grid& grid, const std::string& metric, bool any_floor,
                                      bool any_ratio) {
  const Experiment& experiment = grid.experiment();
  const std::string better = grid.better(metric);
  std::string reading =
      fmt::format("Mean ± half-width of the 95 % Student t interval over {}", seeds_words(experiment));
  if (experiment.seeds.size() == 1) reading = "Values of one seed: no interval can be given";
  if (better == "neither")
    reading += "; neither direction is better";
  else
    reading += fmt::format(
        "; {} is better. Bold: the best mean. Italic: its difference to the best, paired by seed, has a 95 % "
        "interval that holds 0",
        better);
  std::vector<std::string> notes{reading + "."};
  if (any_floor)
    notes.push_back(
        "Exact: the mean, in parentheses the 95 % quantile, between two independent exact draw sets of the "
        "same "
        "size. † marks a mean within the 5 % and 95 % quantiles of one exact set (of which higher is better: "
        "above the "
        "5 % quantile): with it the sampler cannot be told from exact draws by one set of this size, though "
        "a mean "
        "over many seeds could; ‡ one below them: draws more regular than independent ones, or a blind spot "
        "of this metric that the others show.");
  if (any_ratio) notes.push_back("× exact: the mean over exact draws' own mean.");
  const auto convention = grid.results().conventions.find(metric);
  if (convention != grid.results().conventions.end() && !convention->second.text.empty())
    notes.push_back(fmt::format("{}: {}; {} draws.", metric, convention->second.text,
                                grouped(static_cast<double>(experiment.draws))));
  for (const std::string& note : oracle_notes(experiment)) notes.push_back(note);
  for (const std::string& note : setting_notes(experiment)) notes.push_back(note);
  return notes;
}

// Targets down and samplers across; the other way round where there are too many samplers for a page.
constexpr size_t most_sampler_columns = 9;

// "Skipped: needs a trained model of the score (svgd-50, svgd-100)." for cells that say no more than
// "skipped".
std::vector<std::string> shorten_skips(Table& table) {
  std::vector<std::pair<std::string, std::string>> reasons;  // reason, samplers
  for (auto& row : table.rows) {
    for (Cell& cell : row) {
      if (!cell.text.empty() || !cell.note.starts_with("skipped: ")) continue;
      const std::string reason = cell.note.substr(9);
      cell.note = "skipped";
      auto found =
          std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == reason; });
      if (found == reasons.end())
        found = reasons.insert(found, {reason, row.front().text});
      else if (!found->second.ends_with(row.front().text))
        found->second += ", " + row.front().text;
    }
  }
  std::vector<std::string> notes;
  for (const auto& [reason, samplers] : reasons)
    notes.push_back(fmt::format("Skipped: {} ({}).", reason, samplers));
  return notes;
}

void turn(Table& table, const Experiment& experiment) {
  std::vector<Column> columns{{"sampler"}};
  std::vector<std::vector<Cell>> rows;
  for (size_t column = 1; column < table.columns.size(); ++column)
    rows.push_back({{table.columns[column].title}});
  for (size_t row = 0; row < table.rows.size(); ++row) {
    columns.push_back({experiment.targets[row].label, true});
    for (size_t column = 1; column < table.columns.size(); ++column)
      rows[column - 1].push_back(table.rows[row][column]);
  }
  table.columns = std::move(columns);
  table.rows = std::move(rows);
}

}  // namespace

Table metric_table(const Grid& grid, const std::string& metric) {
  const Experiment& experiment = grid.experiment();
  bool any_floor = false;
  for (const TargetEntry& target : experiment.targets)
    any_floor |= grid.floor(target.label, metric).has_value();
  Table table{.name = "metric-" + metric, .title = metric};
  table.columns = {{"target"}};
  if (any_floor) table.columns.push_back({"exact", true});
  for (const SamplerEntry& sampler : experiment.samplers) table.columns.push_back({sampler.heading(), true});
  table.data = {{"target", "sampler", "mean", "low", "high", "values", "seeds", "floor_mean", "floor_q95",
                 "at_floor", "below_floor", "best", "tied", "rank", "note"}};
  bool any_ratio = false;
  for (const TargetEntry& target : experiment.targets) {
    const std::optional<FloorValue> floor = grid.floor(target.label, metric);
    const std::vector<Score> scores = grid.judged(target.label, metric);
    std::vector<Cell> row{{target.label}};
    if (any_floor) row.push_back(floor_cell(floor));
    for (size_t i = 0; i < scores.size(); ++i) {
      row.push_back(score_cell(scores[i]));
      const std::string ratio =
          floor && grid.on_images(target.label) ? floor_ratio(scores[i].estimate, *floor) : "";
      add_note(row.back(), ratio);
      any_ratio |= !ratio.empty();
      table.data.push_back(data_row(target.label, experiment.samplers[i].label, scores[i], floor));
    }
    table.rows.push_back(std::move(row));
  }
  table.notes = metric_notes(grid, metric, any_floor, any_ratio);
  if (experiment.samplers.size() > most_sampler_columns) {
    turn(table, experiment);
    for (std::string& note : shorten_skips(table)) table.notes.push_back(std::move(note));
  }
  return table;
}

}  // namespace samplerbench::harness::reporting
