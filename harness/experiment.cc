#include "harness/experiment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/builtin.h"
#include "harness/judge.h"
#include "harness/spec_text.h"
#include "harness/toml_table.h"

namespace samplerbench::harness {
namespace {

constexpr const char* floor_label = "floor";  // the right side of a claim against the noise floor

Call parse_entry(const std::string& text, const std::string& place) {
  try {
    return parse_call(text);
  } catch (const InputError& error) {
    throw InputError(place + ": " + error.what());
  }
}

// Every table or text of an array of tables and texts: `targets = ["donut", "gaussian:correlation=0"]` or
// [[targets]].
template <class Visit>
void each(const TomlDocument& document, TomlTable& parent, const std::string& name, const Visit& visit) {
  const Json& array = parent.member(name);
  if (!array.is_array() || array.empty()) parent.fail(name, "needs a list with at least one entry");
  for (size_t i = 0; i < array.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", parent.path(name), i);
    if (array[i].is_string()) {
      const Call call = parse_entry(array[i].get<std::string>(), document.at(path));
      const Json json{{"name", call.name}, {"options", call.options}};
      TomlTable table(document, json, path);
      visit(table);
      table.refuse_the_rest();
    } else {
      TomlTable table(document, array[i], path);
      visit(table);
      table.refuse_the_rest();
    }
  }
}

// {a = [1, 2], b = 3} -> [{a = 1, b = 3}, {a = 2, b = 3}]: lists expand to a grid.
std::vector<Json> grid(const Json& options, const std::string& owner) {
  std::vector<Json> points{Json::object()};
  for (const auto& [name, value] : options.items()) {
    if (value.is_array() && value.empty())
      throw InputError(fmt::format("{}: {} = []: a list of at least one value is needed", owner, name));
    const Json values = value.is_array() ? value : Json::array({value});
    std::vector<Json> expanded;
    for (const Json& point : points)
      for (const Json& one : values) {
        expanded.push_back(point);
        expanded.back()[name] = one;
      }
    points = std::move(expanded);
  }
  return points;
}

// What tells one point of a grid from the others: "step_size=0.1".
std::string grid_suffix(const Json& options, const Json& point) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : options.items())
    if (value.is_array())
      parts.push_back(fmt::format(
          "{}={}", name, point[name].is_string() ? point[name].get<std::string>() : point[name].dump()));
  return fmt::format("{}", fmt::join(parts, ","));
}

void require_new_label(const TomlTable& table, std::set<std::string>& taken, const std::string& label) {
  if (!taken.insert(label).second)
    table.fail("", fmt::format("the label '{}' is taken; give this entry a label of its own", label));
}

template <class Factory, class Add>
void read_choices(const TomlDocument& document, TomlTable& root, const std::string& name,
                  const Registry<Factory>& registry, const Add& add) {
  std::set<std::string> taken;
  each(document, root, name, [&](TomlTable& table) {
    const std::string registered = table.text("name");
    const Json options = table.member_or("options", Json::object());
    if (!options.is_object()) table.fail("options", "is a table of option = value");
    // A metric goes by its name and options, which the record knows it by.
    const std::string label = registry.kind() == "metric" ? "" : table.text_or("label", "");
    for (const Json& point : grid(options, table.at("options"))) {
      Choice choice = choose(registry, {registered, point}, table.at(""));
      const std::string suffix = grid_suffix(options, point);
      if (!label.empty())
        choice.label = suffix.empty() ? label : label + " " + suffix;
      else if (registry.kind() == "sampler")
        choice.label = suffix.empty() ? registered : registered + ":" + suffix;
      require_new_label(table, taken, choice.label);
      add(table, choice);
    }
  });
}

std::vector<uint64_t> read_seeds(TomlTable& root) {
  const Json value = root.member_or("seeds", 3);
  const auto in_range = [](const Json& v, int64_t least) {
    return v.is_number_integer() && v.get<int64_t>() >= least && v.get<int64_t>() <= 1000000;
  };
  std::vector<uint64_t> seeds;
  if (in_range(value, 1)) {
    for (int64_t seed = 0; seed < value.get<int64_t>(); ++seed) seeds.push_back(static_cast<uint64_t>(seed));
    return seeds;
  }
  if (value.is_array() && !value.empty() &&
      std::all_of(value.begin(), value.end(), [&](const Json& v) { return in_range(v, 0); })) {
    seeds = value.get<std::vector<uint64_t>>();
    if (std::set<uint64_t>(seeds.begin(), seeds.end()).size() == seeds.size()) return seeds;
    root.fail("seeds", fmt::format("= {}: a seed stands there twice, and would count twice", value.dump()));
  }
  root.fail("seeds",
            fmt::format("= {}: needs a count of 1 to 1,000,000, or a list of seeds of 0 to 1,000,000",
                        value.dump()));
}

Limits read_limits(const TomlDocument& document, TomlTable& root) {
  const Json json = root.member_or("limits", Json::object());
  TomlTable table(document, json, "limits");
  const Limits defaults;
  Limits limits{.time_s = table.checked_or_default(Option::real("time_s", defaults.time_s, "").above(0)),
                .memory_mib = table.checked_or_default(
                    Option::integer("memory_mib", defaults.memory_mib, "").at_least(1))};
  table.refuse_the_rest();
  return limits;
}

// Targets made from data know no exact draws; whether others do, they are asked.
bool knows_exact_draws(const Choice& target, const Catalog& catalog) {
  const auto& entry = catalog.targets.at(target.name);
  if (entry.files && !entry.files(Options(entry.options, target.options, "target " + target.name)).empty())
    return false;
  return static_cast<bool>(
      catalog.problem(target.name, target.options, "target " + target.name).reference.exact_draws);
}

ReferenceSettings read_reference_settings(TomlTable& table, int64_t draws) {
  const ReferenceSettings defaults;
  const auto count = [&](const char* name, int64_t fallback, double least) -> int64_t {
    return table.checked_or_default(Option::integer(name, fallback, "").at_least(least));
  };
  const int64_t two_sets = 2 * draws;  // which a noise floor compares
  ReferenceSettings settings{
      .draws = count("draws", std::max(defaults.draws, two_sets), static_cast<double>(two_sets)),
      .chains = count("chains", defaults.chains, 2),
      .warmup = count("warmup", defaults.warmup, 20),
      .transitions = count("transitions", defaults.transitions, 20),
      .max_rounds = table.checked_or_default(
          Option::integer("max_rounds", defaults.max_rounds, "").at_least(1).at_most(16)),
      .rhat = table.checked_or_default(Option::real("rhat", defaults.rhat, "").above(1)),
      .ess = table.checked_or_default(Option::real("ess", defaults.ess, "").at_least(1))};
  if (settings.chains * settings.transitions < settings.draws)
    table.fail("", fmt::format("{} transitions of {} chains leave fewer than the {} draws to keep",
                               settings.transitions, settings.chains, settings.draws));
  return settings;
}

std::optional<ReferenceChoice> read_reference(const TomlDocument& document, TomlTable& root,
                                              const Experiment& experiment, const Catalog& catalog) {
  if (!root.has("reference")) return std::nullopt;
  TomlTable table(document, root.member("reference"), "reference");
  ReferenceChoice choice{.settings = read_reference_settings(table, experiment.draws),
                         .nuts_revision = catalog.samplers.at("nuts").revision};
  table.refuse_the_rest();
  for (const Choice& target : experiment.targets)
    if (!knows_exact_draws(target, catalog)) choice.targets.insert(target.label);
  return choice;
}

template <class Choices>
std::string require_label(const TomlTable& table, const std::string& name, const std::string& label,
                          const Choices& choices) {
  std::vector<std::string> known;
  for (const auto& choice : choices) known.push_back(choice.label);
  if (std::find(known.begin(), known.end(), label) == known.end())
    throw InputError(table.at(name) + ": " + unknown_name("label", label, known));
  return label;
}

// The right side of a claim: a sampler, a number, or the noise floor of a metric that can have one.
Json read_right(TomlTable& table, const std::string& metric, bool is_cost, const Experiment& experiment,
                const Catalog& catalog) {
  if (table.has("right") && table.member("right").is_number()) {
    if (!std::isfinite(table.member("right").get<double>())) table.fail("right", "must be finite");
    return table.member("right");
  }
  const std::string right = table.text("right");
  if (right != floor_label) return require_label(table, "right", right, experiment.samplers);
  const auto judged = std::find_if(experiment.metrics.begin(), experiment.metrics.end(),
                                   [&](const Choice& choice) { return choice.label == metric; });
  if (is_cost || !make_measures({*judged}, catalog).front().metric->has_floor())
    table.fail("right", fmt::format("= \"floor\": {} has no noise floor", metric));
  return right;
}

// What a claim can compare beside metrics.
bool names_cost(const std::string& metric, const Experiment& experiment) {
  static const std::set<std::string> costs{"train.wall_s", "draw.wall_s", "draw.score"};
  static const std::set<std::string> settled{"reach.wall_s",  "reach.gradients",  "reach.data_passes",
                                             "settle.wall_s", "settle.gradients", "settle.data_passes"};
  return costs.contains(metric) || (experiment.settling && settled.contains(metric));
}

void read_claim(TomlTable& table, Experiment& experiment, const Catalog& catalog) {
  Claim claim{.id = table.text("id"), .text = table.text("text"), .source = table.text_or("source", "")};
  claim.metric = table.text("metric");
  const bool is_cost = names_cost(claim.metric, experiment);
  if (!is_cost) require_label(table, "metric", claim.metric, experiment.metrics);
  claim.left = require_label(table, "left", table.text("left"), experiment.samplers);
  claim.right = read_right(table, claim.metric, is_cost, experiment, catalog);
  claim.factor = table.checked_or_default(Option::real("factor", 1.0, "").above(0));
  claim.direction = table.checked_or_default(Option::choice("direction", "lower", {"lower", "higher"}, ""));
  const Json targets = table.member("targets");
  if (!targets.is_array() || targets.empty()) table.fail("targets", "needs a list with at least one target");
  for (const Json& target : targets) {
    Claim one = claim;
    one.target = require_label(
        table, "targets", target.is_string() ? target.get<std::string>() : target.dump(), experiment.targets);
    if (targets.size() > 1) one.id += "-" + one.target;
    experiment.claims.push_back(std::move(one));
  }
}

// The entries that a list of a figure names, in the experiment's order; all where there is no such list. A
// name that is no label stands for every entry of that registered thing.
template <class Choices>
std::vector<std::string> read_selection(TomlTable& table, const std::string& name, const Choices& choices) {
  const Json given = table.member_or(name, nullptr);
  if (!given.is_null() && (!given.is_array() || given.empty()))
    table.fail(name, "needs a list with at least one entry");
  const auto has = [&](std::string Choice::*part, const std::string& word) {
    return std::any_of(choices.begin(), choices.end(), [&](const auto& one) { return one.*part == word; });
  };
  std::set<std::string> labels;
  std::set<std::string> names;
  for (const Json& item : given.is_null() ? Json::array() : given) {
    const std::string word = item.is_string() ? item.get<std::string>() : item.dump();
    if (!has(&Choice::label, word) && has(&Choice::name, word))
      names.insert(word);
    else
      labels.insert(require_label(table, name, word, choices));
  }
  std::vector<std::string> selected;
  for (const auto& choice : choices)
    if (given.is_null() || labels.contains(choice.label) || names.contains(choice.name))
      selected.push_back(choice.label);
  return selected;
}

// The option of a sweep must be a number that differs among the samplers that it shows.
std::string read_swept_option(TomlTable& table, const FigureChoice& figure, const Experiment& experiment) {
  const std::string option = table.text("option");
  std::set<std::string> known;
  std::set<double> values;
  for (const SamplerChoice& sampler : experiment.samplers) {
    if (std::find(figure.samplers.begin(), figure.samplers.end(), sampler.label) == figure.samplers.end())
      continue;
    for (const auto& [name, value] : sampler.options.items()) {
      if (!value.is_number()) continue;
      known.insert(name);
      if (name == option) values.insert(value.get<double>());
    }
  }
  if (!known.contains(option))
    throw InputError(table.at("option") + ": " +
                     unknown_name("option with a number", option, {known.begin(), known.end()}));
  if (values.size() < 2)
    table.fail("option", fmt::format("= \"{}\": it has one value in all samplers of the figure", option));
  return option;
}

// Samplers that are drawn as lines across, at their last values, and not as curves.
void read_lines(TomlTable& table, FigureChoice& figure, const Experiment& experiment) {
  figure.lines = read_selection(table, "lines", experiment.samplers);
  std::erase_if(figure.samplers, [&](const std::string& sampler) {
    return std::find(figure.lines.begin(), figure.lines.end(), sampler) != figure.lines.end();
  });
  if (figure.samplers.empty()) table.fail("lines", "leaves no sampler to draw as a curve");
}

void read_figure(TomlTable& table, Experiment& experiment) {
  FigureChoice figure{.kind = table.checked_or_default(Option::choice(
                          "kind", "curves", {"curves", "cost", "ranks", "sweep", "draws", "images"}, "")),
                      .title = table.text_or("title", "")};
  figure.samplers = read_selection(table, "samplers", experiment.samplers);
  figure.targets = read_selection(table, "targets", experiment.targets);
  const bool of_metrics = figure.kind != "draws" && figure.kind != "images";
  if (of_metrics && table.has("metrics"))
    figure.metrics = read_selection(table, "metrics", experiment.metrics);
  if (figure.kind == "sweep") figure.option = read_swept_option(table, figure, experiment);
  if (figure.kind == "curves" && table.has("lines")) read_lines(table, figure, experiment);
  experiment.figures.push_back(std::move(figure));
}

Budget read_budget(TomlTable& table, const std::optional<Budget>& fallback) {
  const Json json = table.member_or("budget", nullptr);
  if (!json.is_null()) return budget_from_json(json, table.at("budget"));
  if (!fallback) table.fail("", "'budget' is missing, and the spec has no common one");
  return *fallback;
}

std::optional<Settling> read_settling(const TomlDocument& document, TomlTable& root,
                                      const Experiment& experiment) {
  if (!root.has("settle")) return std::nullopt;
  TomlTable table(document, root.member("settle"), "settle");
  Settling settling{.metric = require_label(table, "metric", table.text("metric"), experiment.metrics),
                    .within = table.checked_or_default(Option::real("within", 0.1, "").above(0))};
  table.refuse_the_rest();
  return settling;
}

// The sampler that costs are compared with; empty where the report is to choose.
std::string read_yardstick(const TomlDocument& document, TomlTable& root, const Experiment& experiment) {
  if (!root.has("cost")) return "";
  TomlTable table(document, root.member("cost"), "cost");
  const std::string label = require_label(table, "yardstick", table.text("yardstick"), experiment.samplers);
  table.refuse_the_rest();
  return label;
}

// Settings of how the harness shows the target, which tables list with the sampler's own.
void add_setting(SamplerChoice& sampler, const std::string& setting) {
  sampler.settings += (sampler.settings.empty() ? "" : ",") + setting;
}

void read_minibatch(TomlTable& table, SamplerChoice& sampler) {
  if (table.has("minibatch")) {
    sampler.minibatch = table.checked_or_default(Option::integer("minibatch", 1, "").at_least(1));
    add_setting(sampler, fmt::format("minibatch={}", sampler.minibatch));
  }
  sampler.control_variates = table.checked_or_default(Option::flag("control_variates", false, ""));
  if (!sampler.control_variates) return;
  if (sampler.minibatch == 0)
    table.fail("control_variates", "= true: they are of minibatches, and 'minibatch' is missing");
  add_setting(sampler, "control_variates=true");
}

}  // namespace

Experiment parse_experiment(const std::string& spec, const std::string& source, const Catalog& catalog) {
  const TomlDocument document(spec, source);
  TomlTable root(document, document.root(), "");
  Experiment experiment{.name = root.plain_name("name", "folder"), .summary = root.text_or("summary", "")};
  experiment.seeds = read_seeds(root);
  experiment.draws = root.checked_or_default(Option::integer("draws", 2000, "").at_least(2));
  experiment.checkpoints =
      root.checked_or_default(Option::integer("checkpoints", 8, "").at_least(1).at_most(64));
  experiment.checkpoint_ratio =
      root.checked_or_default(Option::real("checkpoint_ratio", 2, "").at_least(1.01).at_most(100));
  experiment.floor_replications =
      root.checked_or_default(Option::integer("floor_replications", 100, "").at_least(2));
  experiment.start_scale = root.checked_or_default(Option::real("start_scale", 1.0, "").above(0));
  experiment.dtype = root.checked_or_default(Option::choice("dtype", "float32", {"float32", "float64"}, ""));
  experiment.keep =
      root.checked_or_default(Option::choice("keep", "trained", {"none", "trained", "all"}, ""));
  experiment.limits = read_limits(document, root);
  std::optional<Budget> common;
  if (root.has("budget")) common = read_budget(root, std::nullopt);
  read_choices(document, root, "targets", catalog.targets,
               [&](TomlTable&, Choice choice) { experiment.targets.push_back(std::move(choice)); });
  experiment.reference = read_reference(document, root, experiment, catalog);
  read_choices(document, root, "metrics", catalog.metrics,
               [&](TomlTable&, Choice choice) { experiment.metrics.push_back(std::move(choice)); });
  read_choices(document, root, "samplers", catalog.samplers, [&](TomlTable& table, Choice choice) {
    if (choice.label == floor_label)
      table.fail("label", fmt::format("= \"{}\": that word means the noise floor", floor_label));
    SamplerChoice sampler{std::move(choice), read_budget(table, common)};
    read_minibatch(table, sampler);
    experiment.samplers.push_back(std::move(sampler));
  });
  experiment.settling = read_settling(document, root, experiment);
  experiment.yardstick = read_yardstick(document, root, experiment);
  if (root.has("claims"))
    each(document, root, "claims", [&](TomlTable& table) { read_claim(table, experiment, catalog); });
  if (root.has("figures"))
    each(document, root, "figures", [&](TomlTable& table) { read_figure(table, experiment); });
  root.refuse_the_rest();
  return experiment;
}

Experiment load_experiment(const std::string& path_or_name, const Catalog& catalog) {
  const SpecText spec = find_spec("experiment", builtin_experiments(), path_or_name);
  return parse_experiment(spec.text, spec.source, catalog);
}

void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files) {
  for (Choice& target : experiment.targets) {
    const std::string owner = "target " + target.label;
    try {
      for (const std::string& name : catalog.files(target.name, target.options, owner))
        target.files[name] = files.sha256(name);
      if (!target.files.empty()) catalog.problem(target.name, target.options, owner, files);
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", owner, error.what()));
    }
  }
}

namespace {

// The target on synthetic data, or nothing where it reads no data files.
std::optional<Choice> synthetic_target(const Choice& target, const Catalog& catalog) {
  if (catalog.files(target.name, target.options, target.label).empty()) return std::nullopt;
  if (!target.options.contains("data"))
    throw InputError(fmt::format("--synthetic: target {} has no option 'data'", target.label));
  Json options = target.options;
  options["data"] = "synthetic";
  for (const char* of_the_files : {"label", "truth"}) options.erase(of_the_files);
  Choice made = choose(catalog.targets, {target.name, options}, "--synthetic");
  made.label = "synthetic for " + target.label;
  return made;
}

}  // namespace

Experiment on_synthetic_data(Experiment experiment, const Catalog& catalog) {
  std::map<std::string, std::string> labels;  // of the replaced targets, old to new
  std::vector<Choice> targets;
  for (const Choice& target : experiment.targets) {
    const std::optional<Choice> made = synthetic_target(target, catalog);
    const Choice& now = made ? *made : target;
    const auto same = std::find_if(targets.begin(), targets.end(), [&](const Choice& other) {
      return made && other.name == now.name && other.options == now.options;
    });
    if (made) labels[target.label] = same == targets.end() ? now.label : same->label;
    if (same == targets.end()) targets.push_back(now);
  }
  if (labels.empty()) throw InputError("--synthetic: no target of this experiment reads data");
  experiment.targets = std::move(targets);
  std::erase_if(experiment.claims, [&](const Claim& claim) { return labels.contains(claim.target); });
  const auto renamed = [&](const auto& old) {
    std::vector<std::string> all;
    for (const std::string& label : old) {
      const std::string& now = labels.contains(label) ? labels.at(label) : label;
      if (std::find(all.begin(), all.end(), now) == all.end()) all.push_back(now);
    }
    return all;
  };
  for (FigureChoice& figure : experiment.figures) figure.targets = renamed(figure.targets);
  if (experiment.reference) {
    const auto all = renamed(experiment.reference->targets);
    experiment.reference->targets = {all.begin(), all.end()};
  }
  experiment.name += "-synthetic";
  experiment.summary =
      "ON SYNTHETIC DATA, not the data that the rest of this speaks of. " + experiment.summary;
  return experiment;
}

Json to_json(const Choice& choice) {
  Json json{{"label", choice.label},
            {"name", choice.name},
            {"options", choice.options},
            {"revision", choice.revision},
            {"settings", choice.settings}};
  if (!choice.files.empty()) json["files"] = choice.files;
  return json;
}

Json to_json(const Experiment& experiment) {
  Json json{{"schema", 1},
            {"name", experiment.name},
            {"summary", experiment.summary},
            {"seeds", experiment.seeds},
            {"draws", experiment.draws},
            {"checkpoints", experiment.checkpoints},
            {"checkpoint_ratio", experiment.checkpoint_ratio},
            {"floor_replications", experiment.floor_replications},
            {"start_scale", experiment.start_scale},
            {"dtype", experiment.dtype},
            {"keep", experiment.keep},
            {"limits", {{"time_s", experiment.limits.time_s}, {"memory_mib", experiment.limits.memory_mib}}},
            {"targets", Json::array()},
            {"samplers", Json::array()},
            {"metrics", Json::array()},
            {"claims", Json::array()},
            {"figures", Json::array()}};
  if (experiment.reference) {
    json["reference"] = to_json(experiment.reference->settings);
    json["reference"]["targets"] = experiment.reference->targets;
  }
  for (const Choice& target : experiment.targets) json["targets"].push_back(to_json(target));
  for (const Choice& metric : experiment.metrics) json["metrics"].push_back(to_json(metric));
  for (const SamplerChoice& sampler : experiment.samplers) {
    json["samplers"].push_back(to_json(static_cast<const Choice&>(sampler)));
    json["samplers"].back()["budget"] = samplerbench::to_json(sampler.budget);
    if (sampler.minibatch > 0) json["samplers"].back()["minibatch"] = sampler.minibatch;
    if (sampler.control_variates) json["samplers"].back()["control_variates"] = true;
  }
  for (const Claim& claim : experiment.claims)
    json["claims"].push_back({{"id", claim.id},
                              {"text", claim.text},
                              {"source", claim.source},
                              {"target", claim.target},
                              {"metric", claim.metric},
                              {"left", claim.left},
                              {"right", claim.right},
                              {"factor", claim.factor},
                              {"direction", claim.direction}});
  if (experiment.settling)
    json["settle"] = {{"metric", experiment.settling->metric}, {"within", experiment.settling->within}};
  if (!experiment.yardstick.empty()) json["cost"] = {{"yardstick", experiment.yardstick}};
  for (const FigureChoice& figure : experiment.figures) {
    json["figures"].push_back({{"kind", figure.kind},
                               {"title", figure.title},
                               {"option", figure.option},
                               {"metrics", figure.metrics},
                               {"samplers", figure.samplers},
                               {"targets", figure.targets}});
    if (!figure.lines.empty()) json["figures"].back()["lines"] = figure.lines;
  }
  return json;
}

}  // namespace samplerbench::harness
