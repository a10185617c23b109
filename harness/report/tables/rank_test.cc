#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/analysis/rank_test.h"
#include "harness/report/tables/columns.h"

namespace samplerbench::harness::reporting {
namespace {

// One sampler of one test.
struct PairRow {
  const RankTest& test;
  size_t place = 0;
};

std::vector<ColumnOf<PairRow>> pair_columns() {
  return {
      {"", false, "metric", [](const PairRow& r) { return Cell{r.test.metric}; }},
      {"", true, "targets",
       [](const PairRow& r) { return count_cell(static_cast<int64_t>(r.test.targets)); }},
      {"", true, "chi_squared", [](const PairRow& r) { return number_cell(r.test.test.statistic); }},
      {"", true, "p", [](const PairRow& r) { return number_cell(r.test.test.p); }},
      {"", true, "critical_difference",
       [](const PairRow& r) { return number_cell(r.test.test.critical_difference); }},
      {"", false, "sampler", [](const PairRow& r) { return Cell{r.test.samplers[r.place]}; }},
      {"", true, "mean_rank", [](const PairRow& r) { return number_cell(r.test.mean_ranks[r.place]); }},
  };
}

Cell p_cell(const RankTest& test) {
  const double p = test.test.p;
  return {.text = p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p), .order = p};
}

Cell ranks_cell(const RankTest& test) {
  std::vector<std::string> words;
  for (size_t i = 0; i < test.samplers.size(); ++i)
    words.push_back(fmt::format("{} {:.2f}", test.samplers[i], test.mean_ranks[i]));
  return {fmt::format("{}", fmt::join(words, ", "))};
}

std::vector<ColumnOf<RankTest>> shown_columns() {
  return {
      {"metric", false, "", [](const RankTest& t) { return Cell{t.metric}; }},
      {"targets", true, "", [](const RankTest& t) { return count_cell(static_cast<int64_t>(t.targets)); }},
      {"Friedman chi-squared", true, "", [](const RankTest& t) { return number_cell(t.test.statistic); }},
      {"p", true, "", p_cell},
      {"critical difference", true, "",
       [](const RankTest& t) { return number_cell(t.test.critical_difference); }},
      {"mean ranks, best first", false, "", ranks_cell},
  };
}

}  // namespace

Table rank_test_table(const Grid& grid) {
  std::vector<RankTest> tests;
  for (const FigureChoice& choice : grid.experiment().figures) {
    if (choice.kind != FigureKind::ranks) continue;
    for (RankTest& test : rank_tests(grid, choice)) tests.push_back(std::move(test));
  }
  std::vector<PairRow> rows;
  for (const RankTest& test : tests)
    for (size_t place = 0; place < test.samplers.size(); ++place) rows.push_back({test, place});
  Table table{.name = "rank-test", .title = "Ranks over targets"};
  fill_shown(table, shown_columns(), tests);
  fill_data(table, pair_columns(), rows);
  table.notes = {
      "Friedman's test of equal mean ranks over targets, p by Iman and Davenport's F; mean ranks further "
      "apart "
      "than Nemenyi's critical difference differ at the 5 % level. Few targets give little power: that "
      "samplers are not told apart does not make them equal. Targets on which the metric skips one of the "
      "samplers are left out."};
  return table;
}

}  // namespace samplerbench::harness::reporting
