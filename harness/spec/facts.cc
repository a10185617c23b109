#include "harness/spec/facts.h"

#include "harness/spec/catalog.h"

namespace samplerbench::harness {

bool has_exact_draws(const Choice& target, const Catalog& catalog) {
  return catalog.targets.at(target.name).facts.exact_draws == targets::ExactDraws::known;
}

bool has_noise_floor(const Choice& metric, const Catalog& catalog) {
  const auto& entry = catalog.metrics.at(metric.name);
  return entry.make({Options::resolved(entry.options, metric.options, "metric " + metric.name)})->has_floor();
}

int revision_of_nuts(const Catalog& catalog) { return catalog.samplers.at("nuts").revision; }

}  // namespace samplerbench::harness
