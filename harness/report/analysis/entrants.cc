#include "harness/report/analysis/entrants.h"

#include <algorithm>
#include <regex>
#include <set>

namespace samplerbench::harness::reporting {
namespace {

// "svgd" of "svgd-50"; a label without a whole number at its end as it is, "rate 1e-3" too.
std::string stem_of(const std::string& label) {
  static const std::regex numbered("(.*[^-])-[0-9]+"), exponent(".*[0-9][eE]");
  std::smatch parts;
  if (!std::regex_match(label, parts, numbered)) return label;
  const std::string stem = parts[1];
  return std::regex_match(stem, exponent) ? label : stem;
}

bool same_method(const SamplerChoice& a, const SamplerChoice& b) {
  if (!a.entrant.empty() || !b.entrant.empty()) return a.entrant == b.entrant;
  return a.name == b.name && stem_of(a.label) == stem_of(b.label);
}

void add(std::vector<Entrant>& all, const Experiment& experiment, size_t place) {
  const SamplerChoice& sampler = experiment.samplers[place];
  auto found = std::find_if(all.begin(), all.end(), [&](const Entrant& one) {
    return same_method(experiment.samplers[one.samplers.front()], sampler);
  });
  if (found == all.end()) found = all.insert(all.end(), Entrant{});
  found->samplers.push_back(place);
  found->oracle |= sampler.oracle;
  found->self_counted |= sampler.self_counted();
  found->start |= sampler.draws == samplers::DrawsAre::start;
}

// What the spec calls it, else the common stem of several, else the label of one.
std::string name_of(const Entrant& entrant, const Experiment& experiment) {
  const SamplerChoice& first = experiment.samplers[entrant.samplers.front()];
  if (!first.entrant.empty()) return first.entrant;
  return entrant.samplers.size() > 1 ? stem_of(first.label) : first.label;
}

// The name for readers without what the label has beyond the entrant's name: "SVGD" of "SVGD-50".
std::string display_of(const Entrant& entrant, const Experiment& experiment) {
  const SamplerChoice& first = experiment.samplers[entrant.samplers.front()];
  const std::string display = first.display.empty() ? first.label : first.display;
  if (entrant.samplers.size() == 1 && first.entrant.empty()) return display;
  if (!first.label.starts_with(entrant.name)) return entrant.name;
  const std::string rest = first.label.substr(entrant.name.size());
  return display.ends_with(rest) ? display.substr(0, display.size() - rest.size()) : entrant.name;
}

}  // namespace

std::vector<Entrant> entrants(const Experiment& experiment) {
  std::vector<Entrant> all;
  for (size_t place = 0; place < experiment.samplers.size(); ++place) add(all, experiment, place);
  std::set<std::string> taken;
  for (Entrant& entrant : all) {
    entrant.name = name_of(entrant, experiment);
    // Another method may have the stem for its label.
    if (!taken.insert(entrant.name).second) {
      entrant.name = experiment.samplers[entrant.samplers.front()].label + " ...";
      taken.insert(entrant.name);
    }
  }
  std::set<std::string> shown;
  for (Entrant& entrant : all) {
    entrant.display = display_of(entrant, experiment);
    if (!shown.insert(entrant.display).second) entrant.display = entrant.name;
  }
  return all;
}

size_t entrant_of(const Experiment& experiment, const std::string& sampler) {
  const std::vector<Entrant> all = entrants(experiment);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Entrant& entrant) {
    return std::any_of(entrant.samplers.begin(), entrant.samplers.end(),
                       [&](size_t place) { return experiment.samplers[place].label == sampler; });
  });
  return static_cast<size_t>(found - all.begin());
}

}  // namespace samplerbench::harness::reporting
