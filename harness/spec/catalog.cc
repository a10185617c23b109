#include "harness/spec/catalog.h"

#include "harness/spec/contract.h"
#include "metrics/metrics.h"
#include "samplers/samplers.h"
#include "targets/energy/model_fits.h"
#include "targets/targets.h"

namespace samplerbench::harness {

Catalog Catalog::standard() {
  Catalog catalog;
  targets::add_targets(catalog.targets);
  samplers::add_samplers(catalog.samplers);
  metrics::add_metrics(catalog.metrics);
  targets::add_model_fits(catalog.fits);
  catalog.data = published_data();
  return catalog;
}

targets::Problem Catalog::problem(const std::string& name, const Json& options, const std::string& owner,
                                  const targets::DataFiles& files, uint64_t seed) const {
  const auto& entry = targets.at(name);
  return checked(entry.make({Options::resolved(entry.options, options, owner), files, seed}));
}

std::vector<std::string> Catalog::files(const std::string& name, const Json& options,
                                        const std::string& owner) const {
  return files_named_by(targets.at(name), options, owner);
}

std::vector<std::string> Catalog::sampler_files(const std::string& name, const Json& options,
                                                const std::string& owner) const {
  return files_named_by(samplers.at(name), options, owner);
}

std::unique_ptr<samplers::Sampler> Catalog::sampler(const std::string& name, const Json& options,
                                                    const std::string& owner, const targets::Target& target,
                                                    const targets::Reference& reference,
                                                    const SamplerStart& start) const {
  const auto& entry = samplers.at(name);
  return entry.make({.target = target,
                     .options = Options::resolved(entry.options, options, owner),
                     .init = start.init,
                     .placement = start.placement,
                     .planned_steps = start.planned_steps,
                     .start_scale = start.start_scale,
                     .spent = start.spent,
                     .reference = entry.facts.sees_reference() ? &reference : nullptr,
                     .files = start.files});
}

}  // namespace samplerbench::harness
