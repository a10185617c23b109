#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/spec/fit_spec.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

struct Row {
  std::string name;
  std::string summary;    // one line
  std::string preset_of;  // of a preset: its entry
};

using Rows = std::vector<Row>;

template <class Factory>
Rows rows_of(const Registry<Factory>& registry) {
  Rows rows;
  for (const auto& [name, entry] : registry) rows.push_back({name, entry.summary, entry.preset_of});
  return rows;
}

Rows experiment_rows(const Catalog& catalog) {
  Rows rows;
  for (const auto& [name, text] : builtin_experiments())
    rows.push_back({name, load_experiment(name, catalog).summary, ""});
  return rows;
}

Rows fit_rows(const Catalog& catalog) {
  Rows rows;
  for (const auto& [name, text] : builtin_fits())
    rows.push_back({name, load_fit_spec(name, catalog).summary, ""});
  return rows;
}

Json to_json(const Row& row) {
  Json json{{"name", row.name}, {"summary", row.summary}};
  if (!row.preset_of.empty()) json["preset_of"] = row.preset_of;
  return json;
}

void print(const std::string& heading, const Rows& rows) {
  write_out("{}\n", heading);
  for (const Row& row : rows)
    write_out("  {:<22} {}{}\n", row.name, row.preset_of.empty() ? "" : "(preset of " + row.preset_of + ") ",
              row.summary);
}

}  // namespace

Syntax list_syntax() {
  Syntax syntax{
      .usage = "samplerbench list [targets|samplers|metrics|experiments|fits] [--json]",
      .positionals = {{"WHAT", "targets, samplers, metrics, experiments or fits; all of them where absent"}},
      .offers = {{"WHAT", {.words = {"targets", "samplers", "metrics", "experiments", "fits"}}}}};
  syntax.flags.add_options()("json", "one JSON document on standard output");
  return syntax;
}

int list_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, list_syntax());
  if (arguments.help) return 0;
  const std::vector<std::pair<std::string, std::function<Rows()>>> kinds{
      {"targets", [&] { return rows_of(catalog.targets); }},
      {"samplers", [&] { return rows_of(catalog.samplers); }},
      {"metrics", [&] { return rows_of(catalog.metrics); }},
      {"experiments", [&] { return experiment_rows(catalog); }},
      {"fits", [&] { return fit_rows(catalog); }}};
  const std::string what = arguments.has("WHAT") ? arguments.text("WHAT") : "";
  Json json = Json::object();
  bool first = true, found = what.empty();
  for (const auto& [kind, rows] : kinds) {
    if (!what.empty() && what != kind) continue;
    found = true;
    if (arguments.has("json")) {
      json[kind] = Json::array();
      for (const Row& row : rows()) json[kind].push_back(to_json(row));
    } else {
      if (!std::exchange(first, false)) write_out("\n");
      print(kind, rows());
    }
  }
  if (!found)
    throw InputError(unknown_name("kind", what, {"targets", "samplers", "metrics", "experiments", "fits"}));
  if (arguments.has("json")) write_json(json);
  return 0;
}

}  // namespace samplerbench::harness
