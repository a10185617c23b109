#include "harness/report/analysis/context.h"

namespace samplerbench::harness::reporting {
namespace {

std::string plain(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

}  // namespace

std::map<std::string, std::map<std::string, int64_t>> context_facts(const Results& results) {
  std::map<std::string, std::map<std::string, int64_t>> facts;
  for (const Run& run : results.runs) {
    for (const auto& [name, value] : run.context.items())
      if (name != "utc") ++facts[name][plain(value)];
    const auto add = [&](const char* name, const std::string& value) {
      if (!run.context.contains(name)) ++facts[name][value];
    };
    add("threads", std::to_string(run.job.threads));
    if (run.job.dtype) add("dtype", *run.job.dtype);
    if (run.job.device) add("device", *run.job.device);
  }
  return facts;
}

Period period(const Results& results) {
  Period period;
  for (const Run& run : results.runs) {
    const std::string utc = run.context.is_object() ? run.context.value("utc", "") : "";
    if (utc.empty()) continue;
    if (period.first.empty() || utc < period.first) period.first = utc;
    if (utc > period.last) period.last = utc;
  }
  return period;
}

}  // namespace samplerbench::harness::reporting
