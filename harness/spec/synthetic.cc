#include "harness/spec/synthetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/spec/catalog.h"
#include "harness/spec/choose.h"

namespace samplerbench::harness {
namespace {

using Renamed = std::map<std::string, std::string>;  // of replaced targets: old to new

// The target on synthetic data; nothing where it reads no data files.
std::optional<Choice> synthetic_target(const Choice& target, const Catalog& catalog) {
  if (catalog.files(target.name, target.options, target.label).empty()) return std::nullopt;
  if (!target.options.contains("data"))
    throw InputError(fmt::format("--synthetic: target {} has no option 'data'", target.label));
  Json options = target.options;
  options["data"] = "synthetic";
  for (const char* of_the_files : {"label", "truth"}) options.erase(of_the_files);
  const auto& entry = catalog.targets.at(target.name);
  Choice made = choice_of(entry, Options::resolved(entry.options, options, "--synthetic"));
  made.label = "synthetic for " + target.label;
  return made;
}

// Replaces the targets that read data files; the labels of those that were.
Renamed replace_targets(std::vector<Choice>& targets, const Catalog& catalog) {
  Renamed replaced;
  std::vector<Choice> now;
  for (const Choice& target : targets) {
    const std::optional<Choice> made = synthetic_target(target, catalog);
    if (!made) {
      now.push_back(target);
      continue;
    }
    auto same = std::find_if(now.begin(), now.end(), [&](const Choice& other) {
      return other.name == made->name && other.options == made->options;
    });
    if (same == now.end()) same = now.insert(now.end(), *made);
    replaced[target.label] = same->label;
  }
  targets = std::move(now);
  return replaced;
}

// The labels that stand for these now, each once.
std::vector<std::string> renamed(const std::vector<std::string>& labels, const Renamed& replaced) {
  std::vector<std::string> now;
  for (const std::string& label : labels) {
    const auto found = replaced.find(label);
    const std::string& name = found == replaced.end() ? label : found->second;
    if (std::find(now.begin(), now.end(), name) == now.end()) now.push_back(name);
  }
  return now;
}

}  // namespace

Experiment on_synthetic_data(Experiment experiment, const Catalog& catalog) {
  const Renamed replaced = replace_targets(experiment.targets, catalog);
  if (replaced.empty()) throw InputError("--synthetic: no target of this experiment reads data");
  std::erase_if(experiment.claims, [&](const Claim& claim) { return replaced.contains(claim.target); });
  for (FigureChoice& figure : experiment.figures) figure.targets = renamed(figure.targets, replaced);
  if (experiment.reference) experiment.reference->targets = renamed(experiment.reference->targets, replaced);
  experiment.name += "-synthetic";
  experiment.summary =
      "ON SYNTHETIC DATA, not the data that the rest of this speaks of. " + experiment.summary;
  return experiment;
}

}  // namespace samplerbench::harness
