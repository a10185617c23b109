#include "harness/plan/tried_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/dtype_words.h"
#include "core/error.h"
#include "harness/plan/data_files.h"
#include "harness/spec/catalog.h"
#include "harness/support/memory_limit.h"
#include "harness/support/progress.h"
#include "samplers/exact_samples.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kLeastTrialMib = 1024;  // libraries end a program that has much less

// Says so where the numbers of a user's file have another dtype than the runs.
void tell_of_conversion(const std::string& owner, std::optional<torch::ScalarType> stored,
                        const Experiment& experiment) {
  if (!stored || dtype_words(*stored) == experiment.dtype) return;
  say("samplerbench: {}: its file holds numbers in {}, which are converted to {}, the dtype of the runs",
      owner, dtype_words(*stored), experiment.dtype);
}

// The samplers that are made from files. Each is made once, on the first target whose points it is of.
class FileSamplers {
 public:
  FileSamplers(const Experiment& experiment, const Catalog& catalog, const DataFolder& files)
      : experiment_(experiment), catalog_(catalog), files_(files) {
    for (const SamplerChoice& sampler : experiment.samplers)
      if (!sampler.program && !catalog.sampler_files(sampler.name, sampler.options, sampler.label).empty())
        open_.push_back({&sampler});
  }

  void try_on(const targets::Problem& problem) {
    for (Open& one : open_)
      if (!one.fits) try_on(problem, one);
  }

  // Throws InputError for one that no target fits.
  void require_fits() const {
    for (const Open& one : open_)
      if (!one.fits && !one.refusal.empty())
        throw InputError(blamed(owner_of(*one.choice, "sampler"), one.refusal, one.choice->options, files_));
  }

 private:
  struct Open {
    const SamplerChoice* choice;
    bool fits = false;
    std::string refusal = {};  // on the last target that was tried
  };

  void try_on(const targets::Problem& problem, Open& one) const {
    const Rng init(0);
    const auto dtype = dtype_named(experiment_.dtype);
    try {
      const auto made =
          catalog_.sampler(one.choice->name, one.choice->options, owner_of(*one.choice, "sampler"),
                           *problem.target, problem.reference,
                           {.init = init, .placement = torch::TensorOptions().dtype(dtype), .files = files_});
      one.fits = true;
      tell_of_conversion("sampler " + one.choice->label, made->stored_as(), experiment_);
    } catch (const InputError& error) {
      one.refusal = error.what();
    }
  }

  const Experiment& experiment_;
  const Catalog& catalog_;
  const DataFolder& files_;
  std::vector<Open> open_;
};

// What a target tells once it is made; nothing where it cannot be made for a reason that its runs tell.
struct Tried {
  std::optional<std::string> nothing_to_learn_from;  // why
  bool exact_draws = false;
  std::optional<torch::ScalarType> stored_as = {};  // in its file
  std::shared_ptr<const targets::Problem> problem = {};
};

Tried try_target(const Choice& target, uint64_t seed, const Catalog& catalog, const DataFolder& files,
                 FileSamplers& samplers) {
  const std::string owner = owner_of(target, "target");
  try {
    const auto problem =
        std::make_shared<const targets::Problem>(made_target(target, owner, catalog, files, seed));
    samplers.try_on(*problem);
    return {.nothing_to_learn_from = samplers::why_nothing_to_learn_from(problem->reference),
            .exact_draws = static_cast<bool>(problem->reference.exact_draws),
            .stored_as = problem->stored_as,
            .problem = problem};
  } catch (const InputError&) {
    throw;
  } catch (...) {
    return {};
  }
}

}  // namespace

std::vector<Misfit> try_targets(Experiment& experiment, const Catalog& catalog, const DataFolder& files,
                                MadeTargets* made) {
  warm_up_blas(1);
  const MemoryLimit limit(std::max(experiment.limits.memory_mib, kLeastTrialMib));
  FileSamplers samplers(experiment, catalog, files);
  std::map<std::string, Tried> all;  // by the text of the target
  std::vector<Misfit> misfits;
  for (const Choice& target : experiment.targets) {
    const std::string key = target.name + canonical(target.options);
    if (!all.contains(key))
      all[key] = try_target(target, experiment.seeds.front(), catalog, files, samplers);
    Tried& tried = all[key];
    if (made != nullptr && tried.problem)
      (*made)[target.label] = tried.problem;
    else
      tried.problem.reset();  // it may be large
    tell_of_conversion("target " + target.label, tried.stored_as, experiment);
    if (experiment.reference && tried.exact_draws) std::erase(experiment.reference->targets, target.label);
    const bool has_reference = experiment.reference && experiment.reference->covers(target.label);
    const auto why =
        has_reference ? std::optional<std::string>(samplers::kKeptDraws) : tried.nothing_to_learn_from;
    if (!why) continue;
    for (const SamplerChoice& sampler : experiment.samplers)
      if (sampler.information == samplers::Information::draws)
        misfits.push_back({sampler.label, target.label, "it " + *why});
  }
  samplers.require_fits();
  return misfits;
}

std::shared_ptr<const targets::Problem> made_or_new(const Choice& target, const Experiment& experiment,
                                                    const Catalog& catalog, const DataFolder& files,
                                                    const MadeTargets& made) {
  if (const auto found = made.find(target.label); found != made.end()) return found->second;
  return std::make_shared<const targets::Problem>(catalog.problem(
      target.name, target.options, "target " + target.name, files, experiment.seeds.front()));
}

}  // namespace samplerbench::harness
