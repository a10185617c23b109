#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/call.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/commands/description.h"
#include "harness/plan/data_files.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/spec/experiment.h"
#include "harness/spec/fit_spec.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

// What is known of a target: dimension, whether there is a density, log Z, exact draws, modes; the parameters
// of a model.
Json facts(const Catalog& catalog, const Choice& target, const DataFolder& data) {
  const targets::Problem problem = made_target(target, "target " + target.name, catalog, data);
  const targets::Reference& reference = problem.reference;
  Json known{{"dim", problem.target->dim()},
             {"density", problem.target->has_density()},
             {"log_z", reference.log_z ? number_to_json(*reference.log_z) : Json(nullptr)},
             {"exact_draws", static_cast<bool>(reference.exact_draws)},
             {"modes", reference.modes ? reference.modes->weights.size(0) : 0},
             {"source", reference.source}};
  if (reference.parameters) known["parameters"] = reference.parameters->names;
  return known;
}

// {"density", "constants": {symbol: value}, "modes"}, or null where the entry does not state them.
Json definition(const Catalog& catalog, const Call& call) {
  const auto& entry = catalog.targets.at(call.name);
  if (!entry.facts.definition) return nullptr;
  const targets::Definition stated =
      entry.facts.definition(Options(entry.options, call.options, "target " + call.name));
  Json constants = Json::object();
  for (const auto& [symbol, value] : stated.constants) constants[symbol] = value;
  return {{"density", stated.density}, {"constants", constants}, {"modes", stated.modes}};
}

// Whether the caller chose the file `name`: it is no publisher's, and the defaults read another.
bool is_own_file(const std::string& name, const Catalog& catalog, const std::string& target) {
  const std::vector<std::string> usual = catalog.files(target, Json::object(), "target " + target);
  return catalog.data.file(name) == nullptr && std::find(usual.begin(), usual.end(), name) == usual.end();
}

// The facts; where its data files are not to be had, why. Throws InputError where the caller chose such a
// file.
Json facts_or_why_not(const Catalog& catalog, const Choice& target, const DataFolder& data) {
  const std::string owner = "target " + target.name;
  for (const std::string& name : catalog.files(target.name, target.options, owner)) {
    try {
      data.sha256(name);
    } catch (const InputError& error) {
      if (is_own_file(name, catalog, target.name))
        throw InputError(blamed(owner, error.what(), target.options, data));
      return {{"not_here", printable(error.what(), 1000)}};
    }
  }
  return {{"facts", facts(catalog, target, data)}};
}

// The call with its options in the types of the table that its name has.
Call typed(Call call, const Catalog& catalog) {
  const auto take = [&call](const auto& registry) {
    if (registry.contains(call.name)) call.options = options_for(call, registry.at(call.name).options);
  };
  take(catalog.fits);
  take(catalog.metrics);
  take(catalog.samplers);
  take(catalog.targets);
  return call;
}

// The registered thing that `call` names, whose options are checked; nothing where none has that name.
std::optional<Description> find(const Call& call, const Catalog& catalog, const Arguments& arguments) {
  const auto described = [&call](const auto& registry) {
    choose(registry, call.name, call.options, /*owner=*/"");
    return description_of(registry, call.name);
  };
  if (catalog.targets.contains(call.name)) {
    const Choice target = choose(catalog.targets, call.name, call.options, /*owner=*/"");
    Description description = description_of(catalog.targets, call.name);
    description.more = facts_or_why_not(catalog, target, data_folder(arguments, catalog));
    if (const Json stated = definition(catalog, call); !stated.is_null())
      description.more["definition"] = stated;
    return description;
  }
  if (catalog.samplers.contains(call.name)) {
    Description description = described(catalog.samplers);
    const samplers::SamplerFacts& known = catalog.samplers.at(call.name).facts;
    description.more = {{"draws", word_of(known.draws)}, {"information", word_of(known.information)}};
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
  if (more.at("information") == "elsewhere") return "independent, of a model";
  static const std::map<std::string, std::string> words{
      {"chains", "states of Markov chains, moved by steps"},
      {"particles", "one set of points, moved by steps"},
      {"trained", "independent, of a model that steps train"},
      {"guided", "independent, of a model that steps train; draws may ask the target on their way"},
      {"fresh", "independent, each made from the start when it is drawn"},
      {"start", "independent, of the starting law; no work"}};
  return words.at(more.at("draws"));
}

std::string information_words(const Json& more) {
  const auto draws = from_word<samplers::DrawsAre>(more.at("draws").get<std::string>());
  const auto information = from_word<samplers::Information>(more.at("information").get<std::string>());
  if (information == samplers::Information::elsewhere)
    return "was trained elsewhere, from what is not known here: never ranked";
  const bool ranked = information != samplers::Information::truth;
  return fmt::format("may ask for {}{}", samplers::asks_for(draws, information),
                     ranked ? "" : ": never ranked");
}

void print_more(const Json& more) {
  if (more.contains("draws")) write_out("  draws: {}; {}\n", draws_words(more), information_words(more));
  if (more.contains("definition")) write_text(definition_lines(more["definition"]));
  if (more.contains("facts")) {
    const Json& known = more["facts"];
    write_out("  dim {}; {}log Z {}; exact draws: {}\n", known["dim"].dump(),
              known["density"].get<bool>() ? "" : "no density; ",
              known["log_z"].is_null() ? "not known" : known["log_z"].dump(),
              known["exact_draws"].get<bool>() ? "yes" : "no");
    write_text(beside("  known from:", known["source"].get<std::string>()));
    if (known.contains("parameters"))
      write_text(beside("  parameters:", listed(known["parameters"].get<std::vector<std::string>>())));
  }
  if (more.contains("not_here"))
    write_text(beside("  cannot be made here:", more["not_here"].get<std::string>()));
  if (more.contains("convention")) write_text(beside("  convention:", more["convention"]));
}

void print(const Description& description, bool all) {
  write_text(beside(description.kind + " " + description.name + ":", description.summary) +
             beside("  source:", fmt::format("{}; revision {}", description.citation, description.revision)));
  print_more(description.more);
  if (!all && !description.preset_of.empty()) {
    write_out("  preset of {}, with {} defaults of its own; --all shows every option\n",
              description.preset_of, description.preset.size());
    write_text(preset_lines(description));
    return;
  }
  const OptionTable options = all ? description.options : essential_options(description);
  write_text(option_lines(options));
  if (const size_t more = description.options.size() - options.size(); more > 0)
    write_out("  {} more options, which few users need; --all shows them\n", more);
}

// The text, or the document, of the built-in experiment or fit of that name.
void print_spec(const std::string& name, const Catalog& catalog, bool json) {
  const auto fit = builtin_fits().find(name);
  const bool is_fit = fit != builtin_fits().end();
  if (!json)
    write_text(is_fit ? fit->second : builtin_experiments().at(name));
  else
    write_json(is_fit ? to_json(load_fit_spec(name, catalog)) : to_json(load_experiment(name, catalog)));
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

Syntax describe_syntax() {
  Syntax syntax{
      .usage = "samplerbench describe NAME [--all] [--data DIR] [--json]",
      .positionals =
          {{"NAME",
            "a target, sampler, metric, experiment or fit; options may follow: gaussian:correlation=0"}},
      .required = 1,
      .offers = {{"NAME",
                  {.names = {Names::targets, Names::samplers, Names::metrics, Names::experiments,
                             Names::fits}}}}};
  syntax.flags.add_options()                                                       //
      ("all", "every option, not the usual ones or a preset's differences alone")  //
      ("json", "one JSON document on standard output");
  add_data_flag(syntax.flags);
  return syntax;
}

int describe_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, describe_syntax());
  if (arguments.help) return 0;
  const Call call = typed(parse_call(arguments.text("NAME")), catalog);
  const bool json = arguments.has("json");
  if (const std::optional<Description> description = find(call, catalog, arguments)) {
    if (json)
      write_json(to_json(*description));
    else
      print(*description, arguments.has("all"));
    return 0;
  }
  const bool is_spec = builtin_fits().contains(call.name) || builtin_experiments().contains(call.name);
  if (!is_spec) throw InputError(unknown_name("name", call.name, known_names(catalog)));
  if (!call.options.empty())
    throw InputError(fmt::format("{}: the option {} is given, and a built-in spec takes none", call.name,
                                 printable(call.options.begin().key())));
  print_spec(call.name, catalog, json);
  return 0;
}

}  // namespace samplerbench::harness
