#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/report/analysis/standings.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"

namespace samplerbench::harness::reporting {
namespace {

struct RankRow {
  Standing standing;
  std::vector<const SamplerChoice*> samplers;
  int64_t cells = 0;
  bool first = false;  // of those that can be best
};

Cell share_cell(int64_t part, int64_t whole) {
  return {.text = fmt::format("{} of {}", part, whole), .order = static_cast<double>(part)};
}

Cell place_cell(const RankRow& row) {
  if (!row.standing.ranked()) return no_cell();
  return {.text = fmt::format("{:g}", row.standing.place), .order = row.standing.place};
}

Cell rank_cell(const RankRow& row) {
  if (!row.standing.ranked()) return no_cell();
  const double rank = row.standing.mean_rank;
  return {.text = fmt::format("{:.2f}", rank), .order = rank, .best = row.first};
}

Cell probability_cell(double probability) {
  if (std::isnan(probability)) return no_cell();
  return {.text = fmt::format("{:.0f} %", 100 * probability), .order = probability};
}

Cell places_cell(const Interval& places) {
  if (std::isnan(places.low)) return no_cell();
  return {.text = places.low == places.high ? fmt::format("{:g}", places.low)
                                            : fmt::format("{:g}–{:g}", places.low, places.high),
          .order = places.low};
}

Cell failed_cell(const Standing& standing) {
  Cell cell = share_cell(standing.failed, standing.runs);
  if (standing.missing > 0) cell.note = fmt::format("{} missing", standing.missing);
  return cell;
}

// What the samplers of an entrant have, each once.
template <class Words>
Cell joined_cell(const RankRow& row, const char* separator, const Words& words) {
  std::vector<std::string> all;
  for (const SamplerChoice* sampler : row.samplers) {
    std::string own = words(*sampler);
    if (std::find(all.begin(), all.end(), own) == all.end()) all.push_back(std::move(own));
  }
  return {fmt::format("{}", fmt::join(all, separator))};
}

// Where it came, and how sure that is.
std::vector<ColumnOf<RankRow>> place_columns() {
  return {
      {"place", true, "place", place_cell},
      {"sampler", false, "",
       [](const RankRow& row) { return Cell{.text = row.standing.entrant.heading(), .best = row.first}; }},
      {"", false, "sampler", [](const RankRow& row) { return Cell{row.standing.entrant.name}; }},
      {"mean rank", true, "mean_rank", rank_cell},
      {"first", true, "p_first", [](const RankRow& row) { return probability_cell(row.standing.first); }},
      {"among the first three", true, "p_first_three",
       [](const RankRow& row) { return probability_cell(row.standing.first_three); }},
      {"90 % of places", true, "", [](const RankRow& row) { return places_cell(row.standing.places); }},
      {"", true, "place_q05", [](const RankRow& row) { return number_cell(row.standing.places.low); }},
      {"", true, "place_q95", [](const RankRow& row) { return number_cell(row.standing.places.high); }},
  };
}

// What it is made of, and how its runs went.
std::vector<ColumnOf<RankRow>> run_columns(bool has_start) {
  return {
      {"at floor", true, "at_floor",
       [](const RankRow& row) {
         const Standing& standing = row.standing;
         return standing.floors == 0 ? no_cell() : share_cell(standing.at_floor, standing.floors);
       }},
      {"", true, "floors", [](const RankRow& row) { return count_cell(row.standing.floors); }},
      {has_start ? "worse than its start" : "", true, "worse_than_start",
       [=](const RankRow& row) {
         return has_start && !row.standing.entrant.start
                    ? share_cell(row.standing.worse_than_start, row.cells)
                    : no_cell();
       }},
      {"", true, "cells", [](const RankRow& row) { return count_cell(row.cells); }},
      {"failed runs", true, "failed_runs", [](const RankRow& row) { return failed_cell(row.standing); }},
      {"", true, "missing_runs", [](const RankRow& row) { return count_cell(row.standing.missing); }},
      {"", true, "runs", [](const RankRow& row) { return count_cell(row.standing.runs); }},
      {"", false, "samplers",
       [](const RankRow& row) {
         return joined_cell(row, "; ", [](const SamplerChoice& sampler) { return sampler.label; });
       }},
      {"budget", false, "budget",
       [](const RankRow& row) {
         return joined_cell(row, "; ", [](const SamplerChoice& s) { return budget_words(s.budget); });
       }},
      {"settings", false, "settings",
       [](const RankRow& row) {
         return joined_cell(row, "; ",
                            [](const SamplerChoice& sampler) { return settings_words(sampler, "defaults"); });
       }},
  };
}

std::vector<RankRow> rows_of(const Grid& grid, const Ranking& ranking) {
  std::vector<RankRow> rows;
  const Standing* best = nullptr;
  for (const Standing& standing : ranking.standings) {
    if (best == nullptr && standing.ranked() && !standing.entrant.start) best = &standing;
    RankRow row{.standing = standing, .cells = ranking.cells};
    for (const size_t sampler : standing.entrant.samplers)
      row.samplers.push_back(&grid.experiment().samplers[sampler]);
    row.first = best != nullptr && !standing.entrant.start && standing.place == best->place;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> notes(const Grid& grid, const Ranking& ranking) {
  std::vector<std::string> notes{fmt::format(
      "Mean rank over {} cells, a target by the metric that answers a question there: {}. One metric a "
      "question, since several of one kind say nearly the same. A sampler ranks by its mean over {} at the "
      "end "
      "of the budget; lengths or settings of one method are one entrant, with the best of them in each cell. "
      "Means that are at the noise floor or better share a rank, since nothing can be closer to the target "
      "than "
      "exact draws; a cell with a failed or missing seed ranks behind all complete ones; a metric that skips "
      "a "
      "sampler on a target ranks nobody there. At floor: cells whose mean is within the 5 % and 95 % "
      "quantiles "
      "of what exact draws give; better than exact counts for none.",
      ranking.cells, fmt::join(ranking.asked, ", "), seeds_words(grid.experiment()))};
  const size_t seeds = grid.experiment().seeds.size();
  notes.push_back(
      seeds < 2 ? "One seed does not say how sure the places are."
                : fmt::format("First, among the first three: the share of 2,000 bootstrap samples, of the "
                              "targets and of the seeds on each, in which it has that place; entrants of "
                              "equal rank share it. 90 % of places: from the 5 % to the 95 % quantile. "
                              "They say how much a place hangs on which of these targets and seeds are "
                              "counted; targets are a choice, so that they are no chances for {}.",
                              ranking.targets == 1 ? "others, of which one target says nothing"
                                                   : "targets of another kind"));
  if (ranking.has_start)
    notes.push_back(
        "start: draws of the starting law, without any work. It ranks, and is never the best. Worse than its "
        "start: cells in which the mean of the method's best sampler is worse than that of start.");
  return notes;
}

}  // namespace

Table ranking_table(const Grid& grid) {
  const Ranking ranking = reporting::ranking(grid);
  std::vector<ColumnOf<RankRow>> columns = place_columns();
  for (ColumnOf<RankRow>& column : run_columns(ranking.has_start)) columns.push_back(std::move(column));
  Table table{.name = "ranking", .title = "Ranking"};
  fill(table, columns, rows_of(grid, ranking));
  table.notes = notes(grid, ranking);
  for (const std::string& note : oracle_notes(grid.experiment())) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
