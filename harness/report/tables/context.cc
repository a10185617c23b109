#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/analysis/calibration.h"
#include "harness/report/analysis/context.h"
#include "harness/report/tables/columns.h"

namespace samplerbench::harness::reporting {
namespace {

struct Fact {
  std::string fact;
  std::string value;
};

// "0.021 to 0.024 CPU s of the fixed mix of work"; empty where no record has a calibration.
std::string calibration_words(const Results& results) {
  std::vector<double> seconds;
  for (const Run& run : results.runs)
    if (const double mix_s = speed_of(run); mix_s > 0) seconds.push_back(mix_s);
  if (seconds.empty()) return {};
  const auto [fastest, slowest] = std::minmax_element(seconds.begin(), seconds.end());
  return fmt::format("{:.3g} to {:.3g} CPU s of the fixed mix of work ({} of {} runs)", *fastest, *slowest,
                     seconds.size(), results.runs.size());
}

// "8 (2 runs); 16 (4 runs)", or the value that all runs have.
std::string value_words(const std::map<std::string, int64_t>& counts) {
  std::string words;
  for (const auto& [value, runs] : counts)
    words += fmt::format("{}{}{}", words.empty() ? "" : "; ", value,
                         counts.size() > 1 ? fmt::format(" ({} runs)", runs) : "");
  return words;
}

}  // namespace

Table context_table(const Grid& grid) {
  std::vector<Fact> rows;
  for (const auto& [fact, counts] : context_facts(grid.results()))
    rows.push_back({fact, value_words(counts)});
  if (const std::string words = calibration_words(grid.results()); !words.empty())
    rows.push_back({"calibration", words});
  const Period when = period(grid.results());
  if (!when.first.empty())
    rows.push_back({"utc", when.first == when.last ? when.first : when.first + " to " + when.last});
  Table table{.name = "context", .title = "Context"};
  const std::vector<ColumnOf<Fact>> columns{
      {"fact", false, "fact", [](const Fact& r) { return Cell{r.fact}; }},
      {"value", false, "value", [](const Fact& r) { return Cell{r.value}; }}};
  fill(table, columns, rows);
  return table;
}

std::vector<std::string> context_warnings(const Grid& grid) {
  std::vector<std::string> warnings;
  const auto facts = context_facts(grid.results());
  static const std::vector<std::pair<const char*, const char*>> words{{"program", "versions of the program"},
                                                                      {"git", "commits"},
                                                                      {"build", "builds"},
                                                                      {"libtorch", "versions of LibTorch"},
                                                                      {"blas", "libraries of linear algebra"},
                                                                      {"cpu", "processors"},
                                                                      {"threads", "numbers of threads"},
                                                                      {"jobs", "numbers of runs at a time"},
                                                                      {"device", "devices"},
                                                                      {"dtype", "precisions"}};
  for (const auto& [name, plural] : words) {
    const auto found = facts.find(name);
    if (found != facts.end() && found->second.size() > 1)
      warnings.push_back(fmt::format("the runs were made with {} {} ({}): compare their numbers with care",
                                     found->second.size(), plural, name));
  }
  if (const MachineMix mix = machine_mix(grid.results()); mix.mixed)
    warnings.push_back(mix.words + ": do not compare their seconds");
  int64_t disturbed = 0;
  for (const Run& run : grid.results().runs) disturbed += run.disturbed;
  if (disturbed > 0)
    warnings.push_back(
        fmt::format("other work on the machine disturbed the wall-clock of {} of {} runs by more than 20 %: "
                    "go by their CPU seconds, or repeat them by `samplerbench run --repeat-disturbed`",
                    disturbed, grid.results().runs.size()));
  return warnings;
}

}  // namespace samplerbench::harness::reporting
