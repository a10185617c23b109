#include "harness/spec/choices.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "core/printable.h"
#include "harness/records/claim.h"
#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"
#include "harness/spec/option_grid.h"
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
  if (printable(label, std::string::npos) != label || label.find('/') != std::string::npos)
    entry.fail("label",
               fmt::format("= \"{}\": it names a folder, and takes neither '/' nor control characters",
                           printable(label)));
  return label;
}

// The labels of one list. Each must name a folder of its own.
class Labels {
 public:
  void add(const TomlTable& entry, const std::string& label, Naming naming) {
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
};

// The options of an entry. A call has them in the types of its own table.
template <class Factory>
Json given_options(TomlTable& entry, const Registry<Factory>& registry, const std::string& name) {
  Json options = entry.table("options").all();
  if (entry.call() && registry.contains(name))
    options = options_for(*entry.call(), registry.at(name).options);
  return options;
}

// Hands every choice of the list to `add` with its entry.
template <class Factory, class Add>
void read_list(TomlTable& spec, const std::string& list, const Registry<Factory>& registry, Naming naming,
               const Add& add) {
  std::vector<TomlTable> entries = shared_entries(spec, list);
  if (entries.empty()) spec.fail(list, "needs a list with at least one entry");
  Labels labels;
  for (TomlTable& entry : entries) {
    const std::string name = entry.text("name");
    const std::string label = naming == Naming::options ? "" : given_label(entry);
    for (const GridPoint& point : option_grid(given_options(entry, registry, name), entry.at("options"))) {
      Choice choice = choose(registry, name, point.options, entry.at(""));
      choice.label = label_of(choice, label, point, naming);
      choice.entry = label;
      labels.add(entry, choice.label, naming);
      add(entry, choice);
    }
    entry.refuse_the_rest();
  }
}

std::optional<Budget> read_budget(TomlTable& table) {
  if (!table.has("budget")) return std::nullopt;
  return budget_from_json(table.member("budget"), table.at("budget"));
}

// Adds a setting of how a sampler sees the target, which tables list with the sampler's own.
void add_setting(SamplerChoice& sampler, const std::string& setting) {
  sampler.settings += (sampler.settings.empty() ? "" : ",") + setting;
}

void read_minibatch(TomlTable& entry, SamplerChoice& sampler) {
  if (entry.has("minibatch")) {
    sampler.minibatch = entry.checked_or_default(Option::integer("minibatch", 1, "").at_least(1));
    add_setting(sampler, fmt::format("minibatch={}", sampler.minibatch));
  }
  sampler.control_variates = entry.checked_or_default(Option::flag("control_variates", false, ""));
  if (!sampler.control_variates) return;
  if (sampler.minibatch == 0)
    entry.fail("control_variates", "= true: they are of minibatches, and 'minibatch' is missing");
  add_setting(sampler, "control_variates=true");
}

// The sampler of an entry with what the entry says beside name, options and label.
SamplerChoice read_settings(TomlTable& entry, const Choice& choice, const std::optional<Budget>& common,
                            const samplers::SamplerFacts& facts) {
  for (const char* word : {kFloorLabel, "exact", "noise floor"})
    if (choice.label == word)
      entry.fail("label", fmt::format("= \"{}\": that word means the noise floor", word));
  const std::optional<Budget> own = read_budget(entry);
  if (!own && !common) entry.fail("", "'budget' is missing, and the spec has no common one");
  SamplerChoice sampler{choice, own ? *own : *common};
  sampler.draws = facts.draws;
  sampler.oracle = facts.oracle;
  read_minibatch(entry, sampler);
  return sampler;
}

}  // namespace

std::vector<Choice> read_targets(TomlTable& spec, const Catalog& catalog) {
  std::vector<Choice> targets;
  read_list(spec, "targets", catalog.targets, Naming::label_or_options,
            [&](TomlTable&, const Choice& choice) { targets.push_back(choice); });
  return targets;
}

std::vector<Choice> read_metrics(TomlTable& spec, const Catalog& catalog) {
  std::vector<Choice> metrics;
  read_list(spec, "metrics", catalog.metrics, Naming::options,
            [&](TomlTable&, const Choice& choice) { metrics.push_back(choice); });
  return metrics;
}

std::vector<SamplerChoice> read_samplers(TomlTable& spec, const Catalog& catalog) {
  const std::optional<Budget> common = read_budget(spec);
  std::vector<SamplerChoice> samplers;
  read_list(spec, "samplers", catalog.samplers, Naming::label_or_grid,
            [&](TomlTable& entry, const Choice& choice) {
              const auto& facts = catalog.samplers.at(choice.name).facts;
              samplers.push_back(read_settings(entry, choice, common, facts));
            });
  return samplers;
}

}  // namespace samplerbench::harness
