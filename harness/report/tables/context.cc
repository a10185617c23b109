#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include "harness/report/analysis/context.h"
#include "harness/report/tables/columns.h"

namespace samplerbench::harness::reporting {
namespace {

struct Fact {
  std::string fact;
  std::string value;
};

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
  for (const char* name :
       {"program", "git", "build", "libtorch", "blas", "cpu", "threads", "jobs", "device", "dtype"}) {
    const auto found = facts.find(name);
    if (found != facts.end() && found->second.size() > 1)
      warnings.push_back(fmt::format("runs differ in {} ({} values): compare their numbers with care", name,
                                     found->second.size()));
  }
  return warnings;
}

}  // namespace samplerbench::harness::reporting
