#include "harness/report/context.h"

#include <fmt/format.h>

#include <map>

namespace samplerbench::harness::reporting {
namespace {

using Counts = std::map<std::string, int64_t>;

std::string plain(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

std::map<std::string, Counts> collect(const Grid& grid) {
  std::map<std::string, Counts> facts;
  for (const Run& run : grid.results().runs) {
    for (const auto& [name, value] : run.context.items()) {
      if (name != "utc") ++facts[name][plain(value)];
    }
    for (const char* name : {"dtype", "device", "threads"}) {
      const auto found = run.job.find(name);
      if (found != run.job.end() && !run.context.contains(name)) ++facts[name][plain(*found)];
    }
  }
  return facts;
}

std::string period(const Grid& grid) {
  std::string first;
  std::string last;
  for (const Run& run : grid.results().runs) {
    const std::string utc = run.context.is_object() ? run.context.value("utc", "") : "";
    if (utc.empty()) continue;
    if (first.empty() || utc < first) first = utc;
    if (utc > last) last = utc;
  }
  return first == last ? first : first + " to " + last;
}

}  // namespace

Table context_table(const Grid& grid) {
  Table table{.name = "context", .title = "Context"};
  table.columns = {{"fact"}, {"value"}};
  for (const auto& [name, counts] : collect(grid)) {
    std::string value;
    for (const auto& [text, count] : counts)
      value += fmt::format("{}{}{}", value.empty() ? "" : "; ", text,
                           counts.size() > 1 ? fmt::format(" ({} runs)", count) : "");
    table.rows.push_back({{name}, {value}});
  }
  if (const std::string utc = period(grid); !utc.empty()) table.rows.push_back({{"utc"}, {utc}});
  return table;
}

std::vector<std::string> context_warnings(const Grid& grid) {
  std::vector<std::string> warnings;
  const std::map<std::string, Counts> facts = collect(grid);
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
