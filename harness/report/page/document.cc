#include "harness/report/page/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "harness/report/analysis/questions.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"
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

// Whether some metric answers a question on some target; if not, nobody is best.
bool asks_any(const Grid& grid) {
  return std::any_of(grid.experiment().targets.begin(), grid.experiment().targets.end(),
                     [&grid](const Choice& target) { return !asked(grid, target.label).empty(); });
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
  tables.push_back(coverage_table(grid));
  return tables;
}

// The tables over time; of runs on several machines only those that do not count seconds.
Section time_section(const TimeAnswers& times, const Catalog& catalog) {
  Section section{"time", "Quality per second", {best_by_gradients_table(times.anytime)}};
  if (times.mix.mixed) {
    section.words =
        fmt::format("No tables and no figure over time: {}, and seconds of several machines do not compare.",
                    times.mix.words);
    return section;
  }
  section.tables = {
      best_by_time_table(times.anytime), section.tables.front(), profile_table(times.anytime, times.profile),
      time_to_quality_table(times.anytime, times.goals), draws_wanted_table(times.anytime, times.goals)};
  for (Table& table : region_tables(times.anytime, times.goals, catalog))
    section.tables.push_back(std::move(table));
  return section;
}

// Tables of which the page's first screen or another table says the main thing, and every metric's but the
// first, by which the spec ranks.
void fold_details(Section& section) {
  static const std::set<std::string> details{"best-by-gradients", "profile", "draws-wanted",
                                             "target-properties", "claims",  "cost"};
  bool ranks = true;
  for (Table& table : section.tables) {
    const bool of_metric = table.name.starts_with("metric-");
    table.folded = details.contains(table.name) || (of_metric && !ranks);
    if (of_metric) ranks = false;
  }
}

std::map<std::string, std::string> names_for_readers(const Experiment& experiment) {
  std::map<std::string, std::string> names;
  for (const std::string& metric : experiment.metric_labels())
    names[metric] = metric_display(experiment, metric);
  for (const SamplerChoice& sampler : experiment.samplers) names[sampler.label] = sampler.display_heading();
  return names;
}

}  // namespace

Document for_readers(Document document, const Experiment& experiment) {
  document.names = names_for_readers(experiment);
  for (Section& section : document.sections) {
    for (Table& table : section.tables) table = for_readers(std::move(table), experiment);
    fold_details(section);
  }
  return document;
}

Document make_document(const Grid& grid, const TimeAnswers& times, const Catalog& catalog,
                       std::vector<Figure> figures, std::vector<std::string> warnings) {
  const auto others = std::stable_partition(figures.begin(), figures.end(),
                                            [](const Figure& figure) { return figure.leads; });
  const auto draws = std::stable_partition(
      others, figures.end(), [](const Figure& figure) { return figure.content == Content::lines; });
  Table failures = failures_table(grid);
  const bool all_finished = failures.rows.empty();
  Document document{.title = grid.experiment().name,
                    .summary = grid.experiment().summary,
                    .highlights = highlights(grid),
                    .warnings = std::move(warnings)};
  document.sections = {
      {"solved",
       "Solved within a time",
       {},
       {std::move_iterator(figures.begin()), std::move_iterator(others)}},
      time_section(times, catalog),
      {"ranking", "Ranking", {ranking_table(grid)}},
      {"claims", "Claims", {claims_table(grid)}},
      {"floor", "Targets at the noise floor", {floor_counts_table(grid)}},
      {"metrics", "Metrics", metric_tables(grid)},
      {"curves", "Curves", {}, {std::move_iterator(others), std::move_iterator(draws)}},
      {"draws", "Draws", {}, {std::move_iterator(draws), std::move_iterator(figures.end())}},
      {"cost", "Cost", {cost_table(grid), settling_table(grid)}},
      {"failures",
       "Failures",
       {status_table(grid), std::move(failures)},
       {},
       all_finished ? "Every run finished." : ""},
      {"context", "Context", {samplers_table(grid.experiment()), reference_table(grid), context_table(grid)}},
  };
  if (!asks_any(grid))
    std::erase_if(document.sections,
                  [](const Section& section) { return section.id == "time" || section.id == "ranking"; });
  for (Section& section : document.sections)
    std::erase_if(section.tables, [](const Table& table) { return table.rows.empty(); });
  std::erase_if(document.sections, [](const Section& section) { return section.empty(); });
  return document;
}

}  // namespace samplerbench::harness::reporting
