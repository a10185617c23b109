#include "harness/spec/facts.h"

#include <cctype>
#include <set>

#include "harness/records/experiment.h"
#include "harness/spec/catalog.h"

namespace samplerbench::harness {
namespace {

constexpr const char* kLowerArrow = " ↓";
constexpr const char* kHigherArrow = " ↑";

// "HMC"; of a preset "DFT (images)". Empty where the entry states none.
std::string registered_display(const Entry<samplers::SamplerFactory>& entry) {
  const std::string base = entry.preset_of + "-";
  if (entry.facts.display.empty() || entry.preset_of.empty()) return entry.facts.display;
  return entry.name.starts_with(base) ? entry.facts.display + " (" + entry.name.substr(base.size()) + ")"
                                      : "";
}

// `display` in place of the registered name at the beginning of a label; empty where the label begins
// otherwise.
std::string with_rest(const std::string& display, const Choice& choice) {
  if (display.empty() || !choice.label.starts_with(choice.name)) return "";
  const std::string rest = choice.label.substr(choice.name.size());
  if (rest.empty()) return display;
  if (rest.front() == ':') return display + " (" + rest.substr(1) + ")";
  return std::isalnum(static_cast<unsigned char>(rest.front())) || rest.front() == '_' ? "" : display + rest;
}

std::string sampler_name(const SamplerChoice& sampler, const Catalog& catalog) {
  if (sampler.program || !catalog.samplers.contains(sampler.name)) return sampler.label;
  const std::string name = with_rest(registered_display(catalog.samplers.at(sampler.name)), sampler);
  return name.empty() ? sampler.label : name;
}

std::string metric_name(const Choice& metric, const Catalog& catalog) {
  const metrics::MetricFacts& facts = catalog.metrics.at(metric.name).facts;
  const std::string name = with_rest(facts.display, metric);
  if (name.empty()) return metric.label;
  return facts.unit.empty() ? name : name + " [" + facts.unit + "]";
}

// A metric of the catalog with its options. Throws InputError for options that it no longer takes.
auto made(const Choice& metric, const Catalog& catalog) {
  const auto& entry = catalog.metrics.at(metric.name);
  return entry.make({Options::resolved(entry.options, metric.options, "metric " + metric.name)});
}

// The arrow of a metric of the catalog; none for options that it no longer takes.
std::string direction_arrow(const Choice& metric, const Catalog& catalog) {
  try {
    const metrics::Better better = better_of(metric, catalog);
    if (better == metrics::Better::neither) return "";
    return better == metrics::Better::lower ? kLowerArrow : kHigherArrow;
  } catch (const InputError&) {
    return "";
  }
}

// The names that the spec gives.
template <class Choices>
std::set<std::string> given_names(const Choices& choices) {
  std::set<std::string> names;
  for (const Choice& choice : choices)
    if (!choice.display.empty()) names.insert(choice.display);
  return names;
}

// The name, which is taken from now on; the label where another choice has it already.
std::string free_name(const std::string& name, const Choice& choice, std::set<std::string>& taken) {
  return taken.insert(name).second ? name : choice.label;
}

}  // namespace

bool has_exact_draws(const Choice& target, const Catalog& catalog) {
  return catalog.targets.at(target.name).facts.exact_draws == targets::ExactDraws::known;
}

bool has_noise_floor(const Choice& metric, const Catalog& catalog) {
  return made(metric, catalog)->has_floor();
}

metrics::Better better_of(const Choice& metric, const Catalog& catalog) {
  return made(metric, catalog)->better();
}

void mark_timed_metrics(Experiment& experiment, const Catalog& catalog) {
  experiment.timed_metrics.clear();
  for (const Choice& metric : experiment.metrics)
    if (catalog.metrics.contains(metric.name) && catalog.metrics.at(metric.name).facts.timed)
      experiment.timed_metrics.insert(metric.label);
}

void name_for_readers(Experiment& experiment, const Catalog& catalog) {
  std::set<std::string> taken = given_names(experiment.samplers);
  for (SamplerChoice& sampler : experiment.samplers)
    if (sampler.display.empty()) sampler.display = free_name(sampler_name(sampler, catalog), sampler, taken);
  taken = given_names(experiment.metrics);
  for (Choice& metric : experiment.metrics) {
    if (!catalog.metrics.contains(metric.name)) continue;
    if (metric.display.empty()) metric.display = free_name(metric_name(metric, catalog), metric, taken);
    if (metric.display.ends_with(kLowerArrow) || metric.display.ends_with(kHigherArrow)) continue;
    metric.display += direction_arrow(metric, catalog);
  }
}

void count_trials(Experiment& experiment, const Catalog& catalog) {
  for (SamplerChoice& sampler : experiment.samplers) {
    if (!catalog.samplers.contains(sampler.name)) continue;
    const auto& shares = catalog.samplers.at(sampler.name).facts.shares;
    for (const Choice& metric : experiment.metrics) {
      if (metric.name != "diagnostic") continue;
      const auto share = shares.find(metric.options.value("name", ""));
      if (share != shares.end() && sampler.options.contains(share->second))
        sampler.counted[metric.label] = sampler.options.at(share->second).get<int64_t>();
    }
  }
}

ReferenceRevisions revisions_of_reference(ReferenceBy by, const Catalog& catalog) {
  const int revision = catalog.samplers.at(word_of(by)).revision;
  if (by == ReferenceBy::nuts) return {.nuts = revision};
  return {.parallel_tempering = revision};
}

}  // namespace samplerbench::harness
