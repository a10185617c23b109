#include "harness/report/floor_counts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/notes.h"

namespace samplerbench::harness::reporting {
namespace {

struct Count {
  std::vector<std::string> at;     // targets
  std::vector<std::string> below;  // targets
  int64_t floors = 0;              // targets with a floor
};

// [metrics][samplers]
using Counts = std::vector<std::vector<Count>>;

std::vector<std::string> floored_metrics(const Grid& grid) {
  std::vector<std::string> metrics;
  for (const std::string& metric : grid.experiment().metrics) {
    const bool known =
        std::any_of(grid.experiment().targets.begin(), grid.experiment().targets.end(),
                    [&](const TargetEntry& target) { return grid.floor(target.label, metric).has_value(); });
    if (grid.is_quality(metric) && known) metrics.push_back(metric);
  }
  return metrics;
}

Counts count(const Grid& grid, const std::vector<std::string>& metrics) {
  Counts counts(metrics.size(), std::vector<Count>(grid.experiment().samplers.size()));
  for (size_t m = 0; m < metrics.size(); ++m) {
    for (const TargetEntry& target : grid.experiment().targets) {
      if (!grid.floor(target.label, metrics[m])) continue;
      const std::vector<Score> scores = grid.judged(target.label, metrics[m]);
      for (size_t i = 0; i < scores.size(); ++i) {
        ++counts[m][i].floors;
        if (scores[i].at_floor) counts[m][i].at.push_back(target.label);
        if (scores[i].below_floor) counts[m][i].below.push_back(target.label);
      }
    }
  }
  return counts;
}

Cell count_cell(const Count& count) {
  Cell cell{.text = fmt::format("{} of {}", count.at.size(), count.floors),
            .order = static_cast<double>(count.at.size())};
  if (!count.below.empty()) cell.note = fmt::format("and {} ‡", count.below.size());
  return cell;
}

}  // namespace

Table floor_counts_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  const std::vector<std::string> metrics = floored_metrics(grid);
  const Counts counts = count(grid, metrics);
  Table table{.name = "floor-counts", .title = "Targets at the noise floor"};
  table.columns = {{"sampler"}};
  for (const std::string& metric : metrics) table.columns.push_back({metric, true});
  table.data = {
      {"sampler", "metric", "targets", "at_floor", "below_floor", "targets_at_floor", "targets_below_floor"}};
  for (size_t i = 0; i < experiment.samplers.size() && !metrics.empty(); ++i) {
    std::vector<Cell> row{{experiment.samplers[i].heading()}};
    for (size_t m = 0; m < metrics.size(); ++m) {
      const Count& one = counts[m][i];
      row.push_back(count_cell(one));
      table.data.push_back({experiment.samplers[i].label, metrics[m], std::to_string(one.floors),
                            std::to_string(one.at.size()), std::to_string(one.below.size()),
                            fmt::format("{}", fmt::join(one.at, " ")),
                            fmt::format("{}", fmt::join(one.below, " "))});
    }
    table.rows.push_back(std::move(row));
  }
  table.notes = {fmt::format(
      "Targets on which the mean over {} is typical of exact draws of the same size (marked † in the "
      "metric's "
      "table), of those with a known floor. ‡ counts apart those below it: draws more regular than "
      "independent ones, or a blind spot of the metric. A sampler of which a seed failed is at no floor "
      "there.",
      seeds_words(experiment))};
  for (const std::string& note : oracle_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
