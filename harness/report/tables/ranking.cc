#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "harness/report/analysis/standings.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"

namespace samplerbench::harness::reporting {
namespace {

struct RankRow {
  Standing standing;
  int64_t place = 0;

  bool ranked() const { return standing.ranked > 0; }
  bool first() const { return ranked() && place == 1; }
};

Cell share_cell(int64_t part, int64_t whole) {
  return {.text = fmt::format("{} of {}", part, whole), .order = static_cast<double>(part)};
}

Cell rank_cell(const RankRow& row) {
  if (!row.ranked()) return no_cell();
  const double rank = row.standing.mean_rank();
  return {.text = fmt::format("{:.2f}", rank), .order = rank, .best = row.first()};
}

Cell failed_cell(const Standing& standing) {
  Cell cell = share_cell(standing.failed, standing.runs);
  if (standing.missing > 0) cell.note = fmt::format("{} missing", standing.missing);
  return cell;
}

std::vector<ColumnOf<RankRow>> rank_columns() {
  return {
      {"place", true, "place",
       [](const RankRow& row) { return row.ranked() ? count_cell(row.place) : no_cell(); }},
      {"sampler", false, "",
       [](const RankRow& row) { return Cell{.text = row.standing.sampler->heading(), .best = row.first()}; }},
      {"", false, "sampler", [](const RankRow& row) { return Cell{row.standing.sampler->label}; }},
      {"mean rank", true, "mean_rank", rank_cell},
      {"at floor", true, "at_floor",
       [](const RankRow& row) {
         const Standing& standing = row.standing;
         return standing.floors == 0 ? no_cell() : share_cell(standing.at_floor, standing.floors);
       }},
      {"", true, "floors", [](const RankRow& row) { return count_cell(row.standing.floors); }},
      {"failed runs", true, "failed_runs", [](const RankRow& row) { return failed_cell(row.standing); }},
      {"", true, "missing_runs", [](const RankRow& row) { return count_cell(row.standing.missing); }},
      {"", true, "runs", [](const RankRow& row) { return count_cell(row.standing.runs); }},
      {"budget", false, "budget",
       [](const RankRow& row) { return Cell{budget_words(row.standing.sampler->budget)}; }},
      {"settings", false, "settings",
       [](const RankRow& row) {
         const std::string& settings = row.standing.sampler->settings;
         return Cell{settings.empty() ? "defaults" : settings};
       }},
  };
}

}  // namespace

Table ranking_table(const Grid& grid) {
  std::vector<RankRow> rows;
  for (const Standing& standing : standings(grid)) rows.push_back({standing, std::ssize(rows) + 1});
  Table table{.name = "ranking", .title = "Ranking"};
  fill(table, rank_columns(), rows);
  table.notes.push_back(fmt::format(
      "Mean rank over all targets and metrics of quality ({}), each by its mean over {} at the end of the "
      "budget. Means that are at the noise floor or better share a rank, since nothing can be closer to the "
      "target than exact draws; a cell with a failed or missing seed ranks behind all complete ones; where a "
      "metric skips a sampler, it ranks nobody on that target. At floor: cells, target by metric, whose mean "
      "is within the 5 % and 95 % quantiles of what exact draws give; better than exact counts for none.",
      fmt::join(grid.quality_metrics(), ", "), seeds_words(grid.experiment())));
  for (const std::string& note : oracle_notes(grid.experiment())) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
