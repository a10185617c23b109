#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/analysis/floor_counts.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"

namespace samplerbench::harness::reporting {
namespace {

std::vector<ColumnOf<FloorCount>> floor_columns() {
  using Row = FloorCount;
  return {
      {"", false, "sampler", [](const Row& r) { return Cell{r.sampler->label}; }},
      {"", false, "metric", [](const Row& r) { return Cell{r.metric}; }},
      {"", true, "targets", [](const Row& r) { return count_cell(r.targets); }},
      {"", true, "at_floor", [](const Row& r) { return count_cell(std::ssize(r.at)); }},
      {"", true, "below_floor", [](const Row& r) { return count_cell(std::ssize(r.below)); }},
      {"", false, "targets_at_floor",
       [](const Row& r) { return Cell{fmt::format("{}", fmt::join(r.at, " "))}; }},
      {"", false, "targets_below_floor",
       [](const Row& r) { return Cell{fmt::format("{}", fmt::join(r.below, " "))}; }},
  };
}

Cell shown_cell(const FloorCount& count) {
  Cell cell{.text = fmt::format("{} of {}", count.at.size(), count.targets),
            .order = static_cast<double>(count.at.size())};
  if (!count.below.empty()) cell.note = fmt::format("and {} ‡", count.below.size());
  return cell;
}

}  // namespace

Table floor_counts_table(const Grid& grid) {
  const std::vector<FloorCount> counts = floor_counts(grid);
  Table table{.name = "floor-counts", .title = "Targets at the noise floor"};
  fill_data(table, floor_columns(), counts);
  table.columns = {{"sampler"}};
  for (const std::string& metric : floored_metrics(grid)) table.columns.push_back({metric, true});
  for (const FloorCount& count : counts) {
    if (table.rows.empty() || table.rows.back().size() == table.columns.size())
      table.rows.push_back({{count.sampler->heading()}});
    table.rows.back().push_back(shown_cell(count));
  }
  table.notes = {fmt::format(
      "Targets on which the mean over {} is typical of exact draws of the same size (marked † in the "
      "metric's "
      "table), of those with a known floor. ‡ counts apart those below it: draws more regular than "
      "independent ones, or a blind spot of the metric. A sampler of which a seed failed is at no floor "
      "there.",
      seeds_words(grid.experiment()))};
  for (const Choice& metric : grid.experiment().metrics)
    if (const auto refused = refused_replications(grid, metric.label); !refused.empty())
      table.notes.push_back(fmt::format("Noise floor by {}: {}.", metric.label, fmt::join(refused, "; ")));
  for (const std::string& note : oracle_notes(grid.experiment())) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
