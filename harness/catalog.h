#pragma once

#include "harness/data/published.h"
#include "metrics/metric.h"
#include "samplers/sampler.h"
#include "targets/energy/model_fit.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// What a sampler begins with, beside its target and its options; as in SamplerInput.
struct SamplerStart {
  const Rng& init;
  torch::TensorOptions placement;
  int64_t planned_steps = 0;
  double start_scale = 1.0;
};

// Everything that a name in a spec or on a command line can stand for.
struct Catalog {
  targets::TargetRegistry targets{"target"};
  samplers::SamplerRegistry samplers{"sampler"};
  metrics::MetricRegistry metrics{"metric"};
  targets::ModelFitRegistry fits{"fit"};
  PublishedData data;

  // A catalog with all that the suite ships.
  static Catalog standard();

  // The target of that name with these options. `owner` begins the message of the InputError that options
  // which it does not take are answered with. `files` holds its data, which `seed` splits.
  targets::Problem problem(const std::string& name, const Json& options, const std::string& owner,
                           const targets::DataFiles& files = targets::no_data_files(),
                           uint64_t seed = 0) const;

  // The data files that this target is made from, by the names that DataFiles knows them by; none for most.
  std::vector<std::string> files(const std::string& name, const Json& options,
                                 const std::string& owner) const;

  // The sampler of that name with these options on `target`, which is that of `problem` or wraps it. An upper
  // reference sees what is known of the problem.
  std::unique_ptr<samplers::Sampler> sampler(const std::string& name, const Json& options,
                                             const std::string& owner, const targets::Problem& problem,
                                             const targets::Target& target, const SamplerStart& start) const;
};

}  // namespace samplerbench::harness
