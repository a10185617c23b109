#include "harness/spec/choices.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/printable.h"
#include "harness/records/claim.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/spec/option_grid.h"
#include "harness/spec/program.h"
#include "harness/spec/sharing.h"
#include "harness/support/escape.h"

namespace samplerbench::harness {
namespace {

// What a choice is called.
enum class Naming {
  label_or_grid,  // samplers: the entry's label, else the name, with the options that tell grid points apart
  label_or_options,  // targets: the same, else the name with every option that is not at its default
  options,           // metrics: always so, since records know a metric by them
};

std::string label_of(const Choice& choice, const std::string& given, const GridPoint& point, Naming naming) {
  if (!given.empty()) return point.suffix.empty() ? given : given + " " + point.suffix;
  if (naming != Naming::label_or_grid) return choice.label;
  return point.suffix.empty() ? choice.name : choice.name + ":" + point.suffix;
}

// The label that an entry gives itself, fit to name a folder; empty where it gives none.
std::string given_label(TomlTable& entry) {
  const std::string label = entry.text_or("label", "");
  if (!is_printable(label) || label.find('/') != std::string::npos)
    entry.fail("label",
               fmt::format("= \"{}\": it names a folder, and takes neither '/' nor control characters",
                           printable(label)));
  return label;
}

// A name that stands in tables alone; empty where the entry gives none.
std::string name_in_tables(TomlTable& entry, const std::string& key) {
  constexpr size_t kLongestName = 150;
  if (!entry.has(key)) return "";
  const std::string name = entry.text(key);
  if (name.size() > kLongestName || name.find_first_not_of(' ') == std::string::npos ||
      !is_printable(name))
    entry.fail(key, fmt::format("= \"{}\": a name of at most {} bytes is needed, without control characters "
                                "and not of spaces alone",
                                printable(name), kLongestName));
  return name;
}

// The name for readers of a paper that an entry gives itself; empty where it gives none.
std::string given_display(TomlTable& entry, const GridPoint& point, Naming naming) {
  if (naming == Naming::label_or_options) return "";
  const std::string display = name_in_tables(entry, "display");
  return display.empty() || point.suffix.empty() ? display : display + " " + point.suffix;
}

// The labels of one list. Each must name a folder of its own. Names for readers are apart, too.
class Labels {
 public:
  void add_display(const TomlTable& entry, const std::string& display) {
    if (!display.empty() && !displays_.insert(display).second)
      entry.fail("display", fmt::format("= \"{}\": an entry before this one has that name; give it another",
                                        printable(display)));
  }

  void add(const TomlTable& entry, const std::string& label, Naming naming) {
    if (!is_printable(label))  // by the options of a program, which take any text
      entry.fail("options",
                 fmt::format("make the label '{}', which names a folder and takes no control characters",
                             printable(label)));
    if (label.size() > kLongestLabel)
      entry.fail("",
                 fmt::format("the label '{}' has {} bytes, and at most {} are valid, since it names files{}",
                             printable(label), label.size(), kLongestLabel,
                             naming == Naming::options ? "" : "; give this entry a label of its own"));
    const std::string file = naming == Naming::options ? label : file_name_of(label);
    const auto [before, is_new] = taken_.emplace(file, label);
    if (is_new) return;
    if (before->second == label)
      entry.fail("", fmt::format("the label '{}' is taken; give this entry a label of its own", label));
    entry.fail(
        "", fmt::format("the labels '{}' and '{}' both name the folder '{}'; give this entry another label",
                        before->second, label, file));
  }

 private:
  static constexpr size_t kLongestLabel =
      150;  // bytes: file systems take names of 255, and labels get endings

  std::map<std::string, std::string> taken_;  // labels by the folders that they name
  std::set<std::string> displays_;
};

// The options of an entry. A call has them in the types of its own table.
template <class Factory>
Json given_options(TomlTable& entry, const Registry<Factory>& registry, const std::string& name) {
  Json options = entry.table("options").all();
  if (entry.call() && registry.contains(name))
    options = options_for(*entry.call(), registry.at(name).options);
  return options;
}

// The choice at a point of an entry's grid, with the settings that were tuned for its label.
template <class Factory>
Choice choice_at(const GridPoint& point, const std::string& label, const Registry<Factory>& registry,
                 const std::string& name, const TomlTable& entry, Naming naming, const Tuned& tuned) {
  Choice choice = choose(registry, name, point.options, entry.at(""));
  choice.label = label_of(choice, label, point, naming);
  const auto found = tuned.samplers.find(choice.label);
  if (found == tuned.samplers.end()) return choice;
  Json options = point.options;
  options.update(found->second.options);
  Choice better = choose(registry, name, options, found->second.at);
  better.label = choice.label;
  return better;
}

// The choices of an entry that names something registered.
template <class Factory>
std::vector<ChoiceAt> registered_choices(TomlTable& entry, const std::string& label,
                                         const Registry<Factory>& registry, Naming naming,
                                         const Tuned& tuned = {}) {
  const std::string name = entry.text("name");
  std::vector<ChoiceAt> choices;
  for (const GridPoint& point : option_grid(given_options(entry, registry, name), entry.at("options")))
    choices.push_back({choice_at(point, label, registry, name, entry, naming, tuned), point});
  return choices;
}

// Hands every choice of the list to `add` with its entry and its place in the entry's grid; `choices_of` says
// what an entry with that label makes.
template <class ChoicesOf, class Add>
void read_list(TomlTable& spec, const std::string& list, Naming naming, const ChoicesOf& choices_of,
               const Add& add) {
  std::vector<TomlTable> entries = shared_entries(spec, list);
  if (entries.empty()) spec.fail(list, "needs a list with at least one entry");
  Labels labels;
  for (TomlTable& entry : entries) {
    const std::string label = naming == Naming::options ? "" : given_label(entry);
    for (auto& [choice, point] : choices_of(entry, label)) {
      choice.entry = label;
      choice.at = entry.at("");
      choice.display = given_display(entry, point, naming);
      labels.add(entry, choice.label, naming);
      labels.add_display(entry, choice.display);
      add(entry, choice, point);
    }
    entry.refuse_the_rest();
  }
}

std::optional<Budget> read_budget(TomlTable& table) {
  if (!table.has("budget")) return std::nullopt;
  return budget_from_json(table.member("budget"), table.at("budget"));
}

// Of what does no work.
const Budget kOneStep{.steps = 1};

// Adds a setting of how a sampler sees the target, which tables list with the sampler's own.
void add_setting(SamplerChoice& sampler, const std::string& setting) {
  sampler.settings += (sampler.settings.empty() ? "" : ",") + setting;
}

// true and "first" are the same.
void read_control_variates(TomlTable& entry, SamplerChoice& sampler) {
  const Json given = entry.has("control_variates") ? entry.member("control_variates") : Json(false);
  if (given != true && given != false && given != "first" && given != "second")
    entry.fail("control_variates",
               fmt::format("= {}: needs true, false, \"first\" or \"second\"", given.dump()));
  sampler.control_variates = given != false;
  sampler.second_order = given == "second";
  if (!sampler.control_variates) return;
  if (sampler.minibatch == 0)
    entry.fail("control_variates",
               fmt::format("= {}: they are of minibatches, and 'minibatch' is missing", given.dump()));
  add_setting(sampler, sampler.second_order ? "control_variates=second" : "control_variates=true");
}

void read_minibatch(TomlTable& entry, SamplerChoice& sampler) {
  if (entry.has("minibatch")) {
    sampler.minibatch = entry.checked_or_default(Option::integer("minibatch", 1, "").at_least(1));
    add_setting(sampler, fmt::format("minibatch={}", sampler.minibatch));
  }
  read_control_variates(entry, sampler);
}

MapFiles read_map_files(TomlTable& entry) {
  TomlTable table = entry.table("coordinates");
  MapFiles files{.mean = table.text("mean"), .factor = table.text("factor")};
  table.refuse_the_rest();
  return files;
}

// Other coordinates than the target's are for samplers that work on the target and see no more of it.
void read_coordinates(TomlTable& entry, SamplerChoice& sampler) {
  if (entry.has("coordinates") && entry.member("coordinates").is_object()) {
    sampler.map_files = read_map_files(entry);
    sampler.coordinates = Coordinates::files;
  } else {
    sampler.coordinates = entry.word_or("coordinates", Coordinates::own);
    if (sampler.coordinates == Coordinates::files)
      entry.fail("coordinates",
                 "= \"files\": needs their names: { mean = \"mean.npy\", factor = \"factor.npy\" }");
  }
  if (sampler.coordinates == Coordinates::own) return;
  if (!sampler.asks_for_density())
    entry.fail("coordinates",
               fmt::format(
                   "= {}: {} asks the target for no scores, so that coordinates change nothing; leave it out",
                   entry.member("coordinates").dump(), sampler.name));
  add_setting(sampler, "coordinates=" + (sampler.map_files ? sampler.map_files->factor
                                                           : std::string(word_of(sampler.coordinates))));
}

// The choice with what its entry in the catalog states.
SamplerChoice sampler_of(const Choice& choice, const Budget& budget, const samplers::SamplerFacts& facts) {
  SamplerChoice sampler{choice, budget};
  sampler.draws = facts.draws;
  sampler.information = facts.information;
  return sampler;
}

// Throws InputError where a name that a sampler has in tables is one of those of the noise floor.
void refuse_floor_words(const TomlTable& entry, const std::string& key, const std::string& name) {
  for (const char* word : {kFloorLabel, "exact", "noise floor"})
    if (name == word) entry.fail(key, fmt::format("= \"{}\": that word means the noise floor", word));
}

// The budget of an entry, else the common one. Where runs do no work, steps alone can end them: one, where
// the entry gives no other number.
Budget budget_of(TomlTable& entry, const std::optional<Budget>& common, const samplers::SamplerFacts& facts) {
  const std::optional<Budget> own = read_budget(entry);
  if (!facts.works()) {
    const bool start = facts.draws == samplers::DrawsAre::start;
    if (own && !own->steps)
      entry.fail("budget", fmt::format("= {}: {} does no work, and needs no budget; one with steps is valid",
                                       entry.member("budget").dump(),
                                       start ? "the starting law" : "what was trained elsewhere"));
    return own ? *own : kOneStep;
  }
  if (!own && !common) entry.fail("", "'budget' is missing, and the spec has no common one");
  return own ? *own : *common;
}

// The sampler of an entry with what the entry says beside name, options and label.
SamplerChoice read_settings(TomlTable& entry, const Choice& choice, const std::optional<Budget>& common,
                            const samplers::SamplerFacts& facts) {
  refuse_floor_words(entry, "label", choice.label);
  SamplerChoice sampler = sampler_of(choice, budget_of(entry, common, facts), facts);
  sampler.entrant = name_in_tables(entry, "entrant");
  refuse_floor_words(entry, "entrant", sampler.entrant);
  sampler.may_diverge = entry.checked_or_default(Option::flag("may_diverge", false, ""));
  read_minibatch(entry, sampler);
  read_coordinates(entry, sampler);
  return sampler;
}

// Among how many trials the settings of a sampler were chosen, as its entry or the tuned settings say.
int64_t trials_of_settings(TomlTable& entry, const std::string& label, const Tuned& tuned) {
  const bool stated = entry.has("trials");
  const int64_t trials = entry.checked_or_default(Option::integer("trials", 1, "").at_least(1));
  const auto found = tuned.samplers.find(label);
  if (found != tuned.samplers.end()) return found->second.trials;
  return stated ? trials : 0;
}

// Throws InputError where `tuned` has a label of no sampler.
void require_all_taken(const Tuned& tuned, const std::vector<SamplerChoice>& samplers) {
  std::vector<std::string> labels;
  for (const SamplerChoice& sampler : samplers) labels.push_back(sampler.label);
  for (const auto& [label, settings] : tuned.samplers)
    if (std::find(labels.begin(), labels.end(), label) == labels.end())
      throw InputError(settings.at + ": " + unknown_name("label of a sampler", label, labels));
}

bool is_start(const SamplerChoice& sampler) { return sampler.draws == samplers::DrawsAre::start; }

// Adds the starting law as the last sampler, unless the spec lists it or does without.
void add_start(TomlTable& spec, const Catalog& catalog, std::vector<SamplerChoice>& samplers) {
  const bool wanted = spec.checked_or_default(Option::flag("start", true, ""));
  if (!wanted || std::any_of(samplers.begin(), samplers.end(), is_start)) return;
  const auto& entry = catalog.samplers.at("start");
  SamplerChoice start =
      sampler_of(choice_of(entry, Options(entry.options, Json::object(), "")), kOneStep, entry.facts);
  for (const SamplerChoice& sampler : samplers)
    if (file_name_of(sampler.label) == start.label)
      spec.fail("samplers",
                fmt::format("has the label '{}', which is that of the row `start` of every experiment; "
                            "give that entry another label, or set start = false",
                            sampler.label));
  samplers.push_back(std::move(start));
}

// Ranks stay within the class of least information among those that work; whatever may ask for more is an
// upper reference there.
void mark_oracles(std::vector<SamplerChoice>& all) {
  samplers::Information least = samplers::Information::truth;
  for (const SamplerChoice& sampler : all)
    if (!is_start(sampler)) least = std::min(least, sampler.information);
  for (SamplerChoice& sampler : all)
    sampler.oracle = sampler.information > least || sampler.information == samplers::Information::truth;
}

}  // namespace

std::vector<Choice> read_targets(TomlTable& spec, const Catalog& catalog) {
  std::vector<Choice> targets;
  read_list(
      spec, "targets", Naming::label_or_options,
      [&](TomlTable& entry, const std::string& label) {
        return registered_choices(entry, label, catalog.targets, Naming::label_or_options);
      },
      [&](TomlTable&, const Choice& choice, const GridPoint&) { targets.push_back(choice); });
  return targets;
}

std::vector<Choice> read_metrics(TomlTable& spec, const Catalog& catalog) {
  std::vector<Choice> metrics;
  read_list(
      spec, "metrics", Naming::options,
      [&](TomlTable& entry, const std::string& label) {
        return registered_choices(entry, label, catalog.metrics, Naming::options);
      },
      [&](TomlTable&, const Choice& choice, const GridPoint&) { metrics.push_back(choice); });
  return metrics;
}

std::vector<SamplerChoice> read_samplers(TomlTable& spec, const Catalog& catalog, const Tuned& tuned) {
  const std::optional<Budget> common = read_budget(spec);
  std::vector<SamplerChoice> samplers;
  read_list(
      spec, "samplers", Naming::label_or_grid,
      [&](TomlTable& entry, const std::string& label) {
        return names_program(entry)
                   ? program_choices(entry, label)
                   : registered_choices(entry, label, catalog.samplers, Naming::label_or_grid, tuned);
      },
      [&](TomlTable& entry, const Choice& choice, const GridPoint& point) {
        const samplers::SamplerFacts facts =
            choice.program ? program_facts(entry) : catalog.samplers.at(choice.name).facts;
        SamplerChoice sampler = read_settings(entry, choice, common, facts);
        sampler.trials = trials_of_settings(entry, choice.label, tuned);
        if (choice.program)
          refuse_for_program(entry, sampler, tuned.samplers.contains(choice.label));
        else
          sampler.tune = read_ranges(entry, choice, point.options, catalog);
        samplers.push_back(std::move(sampler));
      });
  require_all_taken(tuned, samplers);
  mark_oracles(samplers);
  add_start(spec, catalog, samplers);
  return samplers;
}

}  // namespace samplerbench::harness
