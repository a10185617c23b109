#pragma once

#include "harness/data/published.h"
#include "metrics/metric.h"
#include "samplers/sampler.h"
#include "targets/energy/model_fit.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// What a sampler starts from, beside its target and its options. Members are those of SamplerInput.
struct SamplerStart {
  const Rng& init;
  torch::TensorOptions placement;
  int64_t planned_steps = 0;
  std::function<double()> spent = {};  // share of the budget
  double start_scale = 1.0;
  const targets::DataFiles& files = targets::no_data_files();
};

// Names of the data files that an entry reads with these resolved options, as DataFiles knows them; none for
// most. `owner` prefixes messages.
template <class Factory>
std::vector<std::string> files_named_by(const Entry<Factory>& entry, const Json& options,
                                        const std::string& owner) {
  if (!entry.files) return {};
  return entry.files(Options::resolved(entry.options, options, owner));
}

// All that names in specs and on command lines stand for.
struct Catalog {
  targets::TargetRegistry targets{"target"};
  samplers::SamplerRegistry samplers{"sampler"};
  metrics::MetricRegistry metrics{"metric"};
  targets::ModelFitRegistry fits{"fit"};
  PublishedData data;

  // All that the suite ships.
  static Catalog standard();

  // The target of that name. `files` holds its data, which `seed` splits. Throws InputError for options that
  // it does not take; `owner` prefixes the message. What its functions return is checked at every call: see
  // contract.h.
  targets::Problem problem(const std::string& name, const Json& options, const std::string& owner,
                           const targets::DataFiles& files = targets::no_data_files(),
                           uint64_t seed = 0) const;

  // Names of the data files that the target reads, as DataFiles knows them; none for most.
  std::vector<std::string> files(const std::string& name, const Json& options,
                                 const std::string& owner) const;

  // The same of a sampler.
  std::vector<std::string> sampler_files(const std::string& name, const Json& options,
                                         const std::string& owner) const;

  // The sampler of that name on `target`. Only one that may ask for more than the target is handed
  // `reference`, what is known of it. Throws InputError as `problem` does.
  std::unique_ptr<samplers::Sampler> sampler(const std::string& name, const Json& options,
                                             const std::string& owner, const targets::Target& target,
                                             const targets::Reference& reference,
                                             const SamplerStart& start) const;
};

}  // namespace samplerbench::harness
