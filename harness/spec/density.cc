#include "harness/spec/density.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/spec/catalog.h"

namespace samplerbench::harness {
namespace {

std::vector<std::string> names_of_learners(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : catalog.samplers)
    if (entry.facts.information == samplers::Information::draws) names.push_back(name);
  return names;
}

}  // namespace

void require_densities(const TomlTable& spec, const Experiment& experiment, const Catalog& catalog) {
  for (const Choice& target : experiment.targets) {
    if (catalog.targets.at(target.name).facts.density == targets::Density::known) continue;
    for (const SamplerChoice& sampler : experiment.samplers) {
      if (sampler.asks_for_density())
        spec.fail("samplers", fmt::format("has '{}', which asks for log densities and scores, and the target "
                                          "'{}' is known by its draws alone; what learns from draws: {}",
                                          sampler.label, target.label,
                                          fmt::join(names_of_learners(catalog), ", ")));
    }
    for (const Choice& metric : experiment.metrics)
      if (catalog.metrics.at(metric.name).facts.needs_density)
        spec.fail("metrics", fmt::format("has '{}', which asks for log densities or scores, and the target "
                                         "'{}' is known by its draws alone",
                                         metric.label, target.label));
  }
}

}  // namespace samplerbench::harness
