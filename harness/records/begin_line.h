#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "core/fields.h"
#include "harness/records/limits.h"
#include "harness/records/work.h"

namespace samplerbench::harness {

// What a record says of a metric, to be printed with its numbers.
struct Convention {
  std::string text;              // kernel, bandwidth, statistic, root
  std::string better = "lower";  // lower, higher or neither
  bool floor = true;             // whether it is a measure of quality with a noise floor, not a diagnostic
  bool draws = true;             // whether it looks at as many draws as a checkpoint has

  static auto fields() {
    return std::tuple{field_or("text", &Convention::text), field_or("better", &Convention::better),
                      field_or("floor", &Convention::floor), rare_field("draws", &Convention::draws)};
  }
};

// The commit that a record's context names: "0123456789ab", "0123456789ab-dirty" or "unknown".
inline std::string commit_in(const Json& context) {
  const bool said = context.is_object() && context.contains("git") && context["git"].is_string();
  return said ? context["git"].get<std::string>() : "unknown";
}

// The first line of a record.
struct BeginLine {
  int schema = 1;
  JobKind kind = JobKind::run;
  std::string key;
  std::string experiment;
  std::string taken_from;  // the experiment that made the record, where that is another one
  Work job;
  int64_t dim = 0;
  std::map<std::string, Convention> conventions;  // by label of the metric
  Limits limits;
  Json context = Json::object();  // program, commit, machine, threads, device, UTC time

  std::string commit() const { return commit_in(context); }  // of the program that made the record

  static auto fields() {
    return std::tuple{field("schema", &BeginLine::schema),
                      field("kind", &BeginLine::kind),
                      field_or("key", &BeginLine::key),
                      field_or("experiment", &BeginLine::experiment),
                      rare_field("taken_from", &BeginLine::taken_from),
                      field("job", &BeginLine::job),
                      field_or("dim", &BeginLine::dim),
                      field_or("conventions", &BeginLine::conventions),
                      field_or("limits", &BeginLine::limits),
                      field_or("context", &BeginLine::context)};
  }
};

}  // namespace samplerbench::harness
