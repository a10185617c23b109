#include "harness/report/analysis/context.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace samplerbench::harness::reporting {
namespace {

using Commits = std::map<std::string, int64_t>;

// "3 records by 0123456789ab, 1 record by 456789abcdef".
std::string commit_words(const Commits& commits) {
  std::vector<std::string> words;
  for (const auto& [commit, records] : commits)
    words.push_back(fmt::format("{} record{} by {}", records, records == 1 ? "" : "s", commit));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string plain(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

}  // namespace

std::map<std::string, std::map<std::string, int64_t>> context_facts(const Results& results) {
  std::map<std::string, std::map<std::string, int64_t>> facts;
  for (const Run& run : results.runs) {
    for (const auto& [name, value] : run.context->items())
      if (name != "calibration") ++facts[name][plain(value)];
    const auto add = [&](const char* name, const std::string& value) {
      if (!run.context->contains(name)) ++facts[name][value];
    };
    add("threads", std::to_string(run.threads));
    if (run.dtype) add("dtype", *run.dtype);
    if (run.device) add("device", *run.device);
  }
  return facts;
}

std::vector<std::string> publication_faults(const Results& results) {
  Commits dirty, unknown;
  for (const auto& one : results.commits) {
    if (one.first.ends_with("-dirty")) dirty.insert(one);
    if (one.first == "unknown") unknown.insert(one);
  }
  std::vector<std::string> faults;
  if (!dirty.empty())
    faults.push_back(fmt::format("programs with uncommitted changes made {}", commit_words(dirty)));
  if (!unknown.empty())
    faults.push_back(fmt::format("{} records do not say which commit made them", unknown.begin()->second));
  if (results.commits.size() > 1)
    faults.push_back(fmt::format("{} commits made the records: {}", results.commits.size(),
                                 commit_words(results.commits)));
  return faults;
}

Period period(const Results& results) {
  Period period;
  for (const Run& run : results.runs) {
    if (run.utc.empty()) continue;
    if (period.first.empty() || run.utc < period.first) period.first = run.utc;
    if (run.utc > period.last) period.last = run.utc;
  }
  return period;
}

}  // namespace samplerbench::harness::reporting
