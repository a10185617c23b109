#include <fmt/format.h>

#include <iostream>

#include "harness/builtin.h"
#include "harness/commands/arguments.h"
#include "harness/experiment.h"
#include "harness/fit_spec.h"

namespace samplerbench::harness {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;  // name, one-line summary

template <class Factory>
Rows rows_of(const Registry<Factory>& registry) {
  Rows rows;
  for (const auto& [name, entry] : registry) rows.emplace_back(name, entry.summary);
  return rows;
}

Rows experiment_rows(const Catalog& catalog) {
  Rows rows;
  for (const auto& [name, text] : builtin_experiments())
    rows.emplace_back(name, load_experiment(name, catalog).summary);
  return rows;
}

Rows fit_rows(const Catalog& catalog) {
  Rows rows;
  for (const auto& [name, text] : builtin_fits())
    rows.emplace_back(name, load_fit_spec(name, catalog).summary);
  return rows;
}

void print(const std::string& heading, const Rows& rows) {
  fmt::print("{}\n", heading);
  for (const auto& [name, summary] : rows) fmt::print("  {:<22} {}\n", name, summary);
}

}  // namespace

int list_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{
      .usage = "samplerbench list [targets|samplers|metrics|experiments|fits] [--json]",
      .positionals = {{"WHAT", "targets, samplers, metrics, experiments or fits; all of them where absent"}}};
  syntax.flags.add_options()("json", "one JSON document on standard output");
  const Arguments arguments = parse_arguments(words, syntax);
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
      for (const auto& [name, summary] : rows()) json[kind].push_back({{"name", name}, {"summary", summary}});
    } else {
      if (!std::exchange(first, false)) fmt::print("\n");
      print(kind, rows());
    }
  }
  if (!found)
    throw InputError(unknown_name("kind", what, {"targets", "samplers", "metrics", "experiments", "fits"}));
  if (arguments.has("json")) std::cout << json.dump(2) << "\n";
  return 0;
}

}  // namespace samplerbench::harness
