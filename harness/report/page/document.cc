#include "harness/report/page/document.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "harness/report/tables/report_tables.h"
#include "harness/support/escape.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

std::vector<std::pair<std::string, std::string>> highlights(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  std::vector<std::pair<std::string, std::string>> lines{
      {"targets", std::to_string(experiment.targets.size())},
      {"samplers", std::to_string(experiment.samplers.size())},
      {"seeds", std::to_string(experiment.seeds.size())},
      {"draws a checkpoint", grouped(static_cast<double>(experiment.draws))}};
  for (const auto& [status, count] : grid.status_counts())
    lines.emplace_back("runs " + word_of(status), grouped(static_cast<double>(count)));
  return lines;
}

// A table for every metric, each with a file name of its own.
std::vector<Table> metric_tables(const Grid& grid) {
  std::vector<Table> tables{rank_test_table(grid)};
  std::set<std::string> names;
  for (const std::string& metric : grid.experiment().metric_labels()) {
    tables.push_back(metric_table(grid, metric));
    std::string& name = tables.back().name;
    while (!names.insert(file_stem(name)).second) name += "-";
  }
  return tables;
}

}  // namespace

Document make_document(const Grid& grid, std::vector<Figure> figures, std::vector<std::string> warnings) {
  const auto draws = std::stable_partition(
      figures.begin(), figures.end(), [](const Figure& figure) { return figure.content == Content::lines; });
  Table failures = failures_table(grid);
  const bool all_finished = failures.rows.empty();
  Document document{.title = grid.experiment().name,
                    .summary = grid.experiment().summary,
                    .highlights = highlights(grid),
                    .warnings = std::move(warnings)};
  document.sections = {
      {"ranking", "Ranking", {ranking_table(grid)}},
      {"claims", "Claims", {claims_table(grid)}},
      {"floor", "Targets at the noise floor", {floor_counts_table(grid)}},
      {"metrics", "Metrics", metric_tables(grid)},
      {"curves", "Curves", {}, {std::move_iterator(figures.begin()), std::move_iterator(draws)}},
      {"draws", "Draws", {}, {std::move_iterator(draws), std::move_iterator(figures.end())}},
      {"cost", "Cost", {cost_table(grid), settling_table(grid)}},
      {"failures",
       "Failures",
       {status_table(grid), std::move(failures)},
       {},
       all_finished ? "Every run finished." : ""},
      {"context", "Context", {reference_table(grid), context_table(grid)}},
  };
  for (Section& section : document.sections)
    std::erase_if(section.tables, [](const Table& table) { return table.rows.empty(); });
  std::erase_if(document.sections, [](const Section& section) { return section.empty(); });
  return document;
}

}  // namespace samplerbench::harness::reporting
