#include "harness/plan/tried_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/error.h"
#include "harness/plan/data_files.h"
#include "harness/spec/catalog.h"
#include "harness/support/memory_limit.h"
#include "samplers/exact_samples.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kLeastTrialMib = 1024;  // libraries end a program that has much less

// Why the target has no draws to learn from; nothing where it has, and where that cannot be found out.
std::optional<std::string> try_target(const Choice& target, bool has_reference, const Catalog& catalog,
                                      const DataFolder& files) {
  const std::string owner = owner_of(target, "target");
  try {
    const targets::Reference known = catalog.problem(target.name, target.options, owner, files).reference;
    if (!has_reference || known.exact_draws) return samplers::why_no_samples(known);
    return samplers::kKeptDraws;
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("{}: {}{}", owner, option_behind(error.what(), target.options, files), error.what()));
  } catch (...) {
    return std::nullopt;  // its runs say what is wrong
  }
}

}  // namespace

std::vector<Misfit> try_targets(const Experiment& experiment, const Catalog& catalog,
                                const DataFolder& files) {
  warm_up_blas(1);
  const MemoryLimit limit(std::max(experiment.limits.memory_mib, kLeastTrialMib));
  std::map<std::string, std::optional<std::string>> reasons;  // by the text of the target
  std::vector<Misfit> misfits;
  for (const Choice& target : experiment.targets) {
    const bool has_reference = experiment.reference && experiment.reference->covers(target.label);
    const std::string key = target.name + canonical(target.options) + (has_reference ? " judged" : "");
    if (!reasons.contains(key)) reasons[key] = try_target(target, has_reference, catalog, files);
    if (!reasons[key]) continue;
    for (const SamplerChoice& sampler : experiment.samplers)
      if (sampler.information == samplers::Information::draws)
        misfits.push_back({sampler.label, target.label, "it " + *reasons[key]});
  }
  return misfits;
}

}  // namespace samplerbench::harness
