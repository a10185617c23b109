#include <fmt/format.h>

#include <iostream>

#include "harness/builtin.h"
#include "harness/commands/arguments.h"
#include "harness/experiment.h"
#include "harness/fit_spec.h"

namespace samplerbench::harness {
namespace {

template <class Factory>
Json description(const Registry<Factory>& registry, const std::string& name) {
  const Entry<Factory>& entry = registry.at(name);
  Json options = Json::array();
  for (const Option& option : entry.options)
    options.push_back({{"name", option.name},
                       {"default", option.fallback},
                       {"accepts", option.accepts()},
                       {"help", option.help}});
  return {{"kind", registry.kind()},    {"name", name},
          {"summary", entry.summary},   {"citation", entry.citation},
          {"revision", entry.revision}, {"options", options}};
}

// What is known of a target: dimension, log Z, exact draws, modes.
Json facts(const Catalog& catalog, const Call& call, const DataFolder& data) {
  const targets::Problem problem = catalog.problem(call.name, call.options, "target " + call.name, data);
  const targets::Reference& reference = problem.reference;
  return {{"dim", problem.target->dim()},
          {"log_z", reference.log_z ? number_to_json(*reference.log_z) : Json(nullptr)},
          {"exact_draws", static_cast<bool>(reference.exact_draws)},
          {"modes", reference.modes ? reference.modes->weights.size(0) : 0},
          {"source", reference.source}};
}

// Adds the facts; where its data files are not to be had, why.
void add_facts(Json& json, const Catalog& catalog, const Call& call, const DataFolder& data) {
  const std::vector<std::string> names = catalog.files(call.name, call.options, "target " + call.name);
  try {
    for (const std::string& name : names) data.sha256(name);
  } catch (const InputError& error) {
    json["not_here"] = error.what();
    return;
  }
  json["facts"] = facts(catalog, call, data);
}

void print(const Json& json) {
  fmt::print("{} {}: {}\n", json["kind"].get<std::string>(), json["name"].get<std::string>(),
             json["summary"].get<std::string>());
  fmt::print("  source: {}; revision {}\n", json["citation"].get<std::string>(), json["revision"].get<int>());
  if (json.contains("facts")) {
    const Json& known = json["facts"];
    fmt::print("  dim {}; log Z {}; exact draws: {}; modes: {}\n", known["dim"].dump(),
               known["log_z"].is_null() ? "not known" : known["log_z"].dump(),
               known["exact_draws"].get<bool>() ? "yes" : "no", known["modes"].dump());
  }
  if (json.contains("not_here"))
    fmt::print("  cannot be made here: {}\n", json["not_here"].get<std::string>());
  if (json.contains("convention")) fmt::print("  convention: {}\n", json["convention"].get<std::string>());
  if (!json["options"].empty()) fmt::print("  options:\n");
  for (const Json& option : json["options"])
    fmt::print("    {:<18} {} (default {}; {})\n", option["name"].get<std::string>(),
               option["help"].get<std::string>(), option["default"].dump(),
               option["accepts"].get<std::string>());
}

}  // namespace

int describe_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{
      .usage = "samplerbench describe NAME [--data DIR] [--json]",
      .positionals =
          {{"NAME",
            "a target, sampler, metric, experiment or fit; options may follow: gaussian:correlation=0"}},
      .required = 1};
  syntax.flags.add_options()("json", "one JSON document on standard output");
  add_data_flag(syntax.flags);
  const Arguments arguments = parse_arguments(words, syntax);
  if (arguments.help) return 0;
  const Call call = parse_call(arguments.text("NAME"));
  Json json;
  if (catalog.targets.contains(call.name)) {
    json = description(catalog.targets, call.name);
    add_facts(json, catalog, call, data_folder(arguments, catalog));
  } else if (catalog.samplers.contains(call.name)) {
    json = description(catalog.samplers, call.name);
  } else if (catalog.metrics.contains(call.name)) {
    json = description(catalog.metrics, call.name);
    const auto& entry = catalog.metrics.at(call.name);
    json["convention"] =
        entry.make({Options(entry.options, call.options, "metric " + call.name)})->convention();
  } else if (catalog.fits.contains(call.name)) {
    json = description(catalog.fits, call.name);
  } else if (const auto fit = builtin_fits().find(call.name); fit != builtin_fits().end()) {
    if (arguments.has("json"))
      std::cout << to_json(load_fit_spec(call.name, catalog)).dump(2) << "\n";
    else
      std::cout << fit->second;
    return 0;
  } else if (const auto spec = builtin_experiments().find(call.name); spec != builtin_experiments().end()) {
    if (arguments.has("json"))
      std::cout << to_json(load_experiment(call.name, catalog)).dump(2) << "\n";
    else
      std::cout << spec->second;
    return 0;
  } else {
    std::vector<std::string> known = catalog.targets.names();
    for (const auto& names : {catalog.samplers.names(), catalog.metrics.names(), catalog.fits.names()})
      known.insert(known.end(), names.begin(), names.end());
    for (const auto* specs : {&builtin_experiments(), &builtin_fits()})
      for (const auto& [name, text] : *specs) known.push_back(name);
    throw InputError(unknown_name("name", call.name, known));
  }
  if (arguments.has("json"))
    std::cout << json.dump(2) << "\n";
  else
    print(json);
  return 0;
}

}  // namespace samplerbench::harness
