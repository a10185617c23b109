#include <fmt/format.h>

#include <iostream>
#include <map>

#include "core/call.h"
#include "harness/commands/arguments.h"
#include "harness/commands/description.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/spec/fit_spec.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

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

// The facts; where its data files are not to be had, why.
Json facts_or_why_not(const Catalog& catalog, const Call& call, const DataFolder& data) {
  const std::vector<std::string> names = catalog.files(call.name, call.options, "target " + call.name);
  try {
    for (const std::string& name : names) data.sha256(name);
  } catch (const InputError& error) {
    return {{"not_here", error.what()}};
  }
  return {{"facts", facts(catalog, call, data)}};
}

// The registered thing that `call` names, whose options are checked; nothing where none has that name.
std::optional<Description> find(const Call& call, const Catalog& catalog, const Arguments& arguments) {
  const auto described = [&call](const auto& registry) {
    Description description = description_of(registry, call.name);
    Options(description.options, call.options, description.kind + " " + call.name);
    return description;
  };
  if (catalog.targets.contains(call.name)) {
    Description description = described(catalog.targets);
    description.more = facts_or_why_not(catalog, call, data_folder(arguments, catalog));
    return description;
  }
  if (catalog.samplers.contains(call.name)) {
    Description description = described(catalog.samplers);
    const samplers::SamplerFacts& known = catalog.samplers.at(call.name).facts;
    description.more = {{"draws", word_of(known.draws)}, {"oracle", known.oracle}};
    return description;
  }
  if (catalog.metrics.contains(call.name)) {
    Description description = described(catalog.metrics);
    const auto& entry = catalog.metrics.at(call.name);
    description.more["convention"] =
        entry.make({Options(entry.options, call.options, "metric " + call.name)})->convention();
    return description;
  }
  if (catalog.fits.contains(call.name)) return described(catalog.fits);
  return std::nullopt;
}

std::string draws_words(const Json& more) {
  static const std::map<std::string, std::string> words{
      {"chains", "states of Markov chains, moved by steps"},
      {"particles", "one set of points, moved by steps"},
      {"trained", "independent, of a model that steps train"},
      {"fresh", "independent, each made from the start when it is drawn"}};
  return words.at(more.at("draws")) +
         (more.at("oracle").get<bool>() ? "; an oracle, which sees exact draws" : "");
}

void print_more(const Json& more) {
  if (more.contains("draws")) fmt::print("  draws: {}\n", draws_words(more));
  if (more.contains("facts")) {
    const Json& known = more["facts"];
    fmt::print("  dim {}; log Z {}; exact draws: {}; modes: {}\n", known["dim"].dump(),
               known["log_z"].is_null() ? "not known" : known["log_z"].dump(),
               known["exact_draws"].get<bool>() ? "yes" : "no", known["modes"].dump());
  }
  if (more.contains("not_here"))
    fmt::print("  cannot be made here: {}\n", more["not_here"].get<std::string>());
  if (more.contains("convention")) fmt::print("{}", beside("  convention:", more["convention"]));
}

void print(const Description& description, bool all) {
  fmt::print("{}{}", beside(description.kind + " " + description.name + ":", description.summary),
             beside("  source:", fmt::format("{}; revision {}", description.citation, description.revision)));
  print_more(description.more);
  if (description.preset_of.empty() || all) {
    fmt::print("{}", option_lines(description.options));
    return;
  }
  fmt::print("  preset of {}, with {} defaults of its own; --all shows every option\n", description.preset_of,
             description.preset.size());
  fmt::print("{}", preset_lines(description));
}

// The text, or the document, of the built-in experiment or fit of that name; false where there is none.
bool print_spec(const std::string& name, const Catalog& catalog, bool json) {
  if (const auto fit = builtin_fits().find(name); fit != builtin_fits().end()) {
    std::cout << (json ? to_json(load_fit_spec(name, catalog)).dump(2) + "\n" : std::string(fit->second));
    return true;
  }
  if (const auto spec = builtin_experiments().find(name); spec != builtin_experiments().end()) {
    std::cout << (json ? to_json(load_experiment(name, catalog)).dump(2) + "\n" : std::string(spec->second));
    return true;
  }
  return false;
}

std::vector<std::string> known_names(const Catalog& catalog) {
  std::vector<std::string> known = catalog.targets.names();
  for (const auto& names : {catalog.samplers.names(), catalog.metrics.names(), catalog.fits.names()})
    known.insert(known.end(), names.begin(), names.end());
  for (const auto* specs : {&builtin_experiments(), &builtin_fits()})
    for (const auto& [name, text] : *specs) known.push_back(name);
  return known;
}

}  // namespace

int describe_command(const Words& words, const Catalog& catalog) {
  Syntax syntax{
      .usage = "samplerbench describe NAME [--all] [--data DIR] [--json]",
      .positionals =
          {{"NAME",
            "a target, sampler, metric, experiment or fit; options may follow: gaussian:correlation=0"}},
      .required = 1};
  syntax.flags.add_options()                                           //
      ("all", "of a preset: every option, not its differences alone")  //
      ("json", "one JSON document on standard output");
  add_data_flag(syntax.flags);
  const Arguments arguments = parse_arguments(words, syntax);
  if (arguments.help) return 0;
  const Call call = parse_call(arguments.text("NAME"));
  const bool json = arguments.has("json");
  if (const std::optional<Description> description = find(call, catalog, arguments)) {
    if (json)
      std::cout << to_json(*description).dump(2) << "\n";
    else
      print(*description, arguments.has("all"));
    return 0;
  }
  if (!print_spec(call.name, catalog, json))
    throw InputError(unknown_name("name", call.name, known_names(catalog)));
  return 0;
}

}  // namespace samplerbench::harness
