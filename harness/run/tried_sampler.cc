#include "harness/run/tried_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/dtype_words.h"
#include "core/error.h"
#include "harness/run/foreign_sampler.h"
#include "harness/run/judged_problem.h"
#include "harness/run/sampler_conformance.h"
#include "harness/run/trial_normal.h"
#include "harness/spec/catalog.h"
#include "harness/spec/contract.h"
#include "harness/support/clock.h"
#include "targets/metered_target.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kPlannedSteps = 20;
constexpr double kMostTrial_s = 300;  // of a program on one target, within the limit of the spec

// What a sampler is tried on.
struct Ground {
  std::string words;  // "a normal law in 2 dimensions"
  std::shared_ptr<const targets::Problem> problem;
  Json target = {};  // in words, for a program that evaluates the density by itself
};

Ground normal_ground(int64_t dim) {
  return {fmt::format("a normal law in {} dimension{}", dim, dim == 1 ? "" : "s"),
          std::make_shared<const targets::Problem>(checked(trial_normal(dim)))};
}

class Attempts {
 public:
  Attempts(const SamplerChoice& sampler, const Experiment& experiment, const Catalog& catalog,
           const DataFolder& files, const MadeTargets& made)
      : sampler_(sampler), experiment_(experiment), catalog_(catalog), files_(files), made_(made) {}

  TriedSampler outcome() {
    if (!sampler_.self_counted())
      for (const int64_t dim : {1, 2, 5})
        if (!passes(normal_ground(dim))) return tried_;
    for (const Choice& target : experiment_.targets)
      if (!taken_ && !passes(target_ground(target))) return tried_;
    if (!taken_) tried_.fault = "it takes no target; the last: " + tried_.refused.back();
    return tried_;
  }

 private:
  Ground target_ground(const Choice& target) const {
    return {target.label, made_or_new(target, experiment_, catalog_, files_, made_),
            target_in_words(target, catalog_, experiment_.seeds.front())};
  }

  // Whether nothing is wrong on this ground; it may be refused.
  bool passes(const Ground& ground) {
    for (const auto dtype : {torch::kFloat, torch::kDouble}) {
      try {
        if (const std::optional<std::string> refusal = attempt(ground, dtype)) {
          tried_.refused.push_back(fmt::format("{}: {}", ground.words, *refusal));
          return true;
        }
      } catch (const std::exception& error) {
        const bool diverged = dynamic_cast<const Diverged*>(&error) != nullptr;
        tried_.fault = fmt::format("{}, {}: {}{}", ground.words, dtype_words(dtype),
                                   diverged ? "diverged: " : "", brief(error));
        return false;
      }
      taken_ = true;
    }
    return true;
  }

  // Why it does not take the ground; nothing where it holds all rules there.
  std::optional<std::string> attempt(const Ground& ground, torch::ScalarType dtype) const {
    Meter meter;
    const targets::MeteredTarget target(*ground.problem->target, meter);
    const auto placement = torch::TensorOptions().dtype(dtype);
    std::unique_ptr<ForeignProgram> program;  // started when a sampler is made for the first time
    const auto make = [&](uint64_t seed) {
      if (!sampler_.program) return registered(ground, target, placement, seed);
      if (!program) program = started(ground, placement);
      return foreign(*program, target, placement, meter, seed);
    };
    const SamplerTrial trial{.make = make,
                             .meter = meter,
                             .dim = target.dim(),
                             .dtype = dtype,
                             .facts = facts(),
                             .is_program = sampler_.program.has_value()};
    const std::optional<std::string> refusal = refusal_of(trial);
    if (!refusal) require_conformance(trial);
    return refusal;
  }

  // What it prints is kept in no file; messages quote its last words.
  std::unique_ptr<ForeignProgram> started(const Ground& ground, const torch::TensorOptions& placement) const {
    const int64_t dim = ground.problem->target->dim();
    const Limits limits{.time_s = std::min(experiment_.limits.time_s, kMostTrial_s),
                        .memory_mib = experiment_.limits.memory_mib};
    const ProgramBrief brief{.dim = dim,
                             .placement = placement,
                             .start_scale = experiment_.start_scale,
                             .budget = sampler_.budget,
                             .target = ground.target};
    auto program = std::make_unique<ForeignProgram>(sampler_, sampler_.program->folder, brief, limits,
                                                    steady_seconds() + limits.time_s,
                                                    /*log=*/std::filesystem::path());
    Rng rng(0);
    if (sampler_.self_counted())
      program->require_density(*ground.problem->target,
                               rng.normal({ForeignProgram::kPointsCompared, dim}, placement));
    return program;
  }

  // Chains of all seeds start from the same points, so that it shows whether they use their own.
  std::unique_ptr<samplers::Sampler> foreign(ForeignProgram& program, const targets::Target& target,
                                             const torch::TensorOptions& placement, Meter& meter,
                                             uint64_t seed) const {
    const uint64_t key = sampler_.draws == samplers::DrawsAre::chains ? 0 : seed;
    const auto start = [key, placement, dim = target.dim(), scale = experiment_.start_scale](int64_t n) {
      return samplers::starting_points(Rng(key).split("init"), n, dim, scale, placement);
    };
    return std::make_unique<ForeignSampler>(program, ProgramSource{target, start, meter}, [] { return 0.0; });
  }

  std::unique_ptr<samplers::Sampler> registered(const Ground& ground, const targets::Target& target,
                                                const torch::TensorOptions& placement, uint64_t seed) const {
    const Rng init = Rng(seed).split("init");
    return catalog_.sampler(sampler_.name, sampler_.options, "sampler " + sampler_.name, target,
                            ground.problem->reference,
                            {.init = init,
                             .placement = placement,
                             .planned_steps = kPlannedSteps,
                             .start_scale = experiment_.start_scale,
                             .files = files_});
  }

  samplers::SamplerFacts facts() const {
    if (!sampler_.program) return catalog_.samplers.at(sampler_.name).facts;
    return {sampler_.draws.value(), sampler_.information};
  }

  const SamplerChoice& sampler_;
  const Experiment& experiment_;
  const Catalog& catalog_;
  const DataFolder& files_;
  const MadeTargets& made_;
  TriedSampler tried_;
  bool taken_ = false;
};

}  // namespace

TriedSampler try_sampler(const SamplerChoice& sampler, const Experiment& experiment, const Catalog& catalog,
                         const DataFolder& files, const MadeTargets& made) {
  return Attempts(sampler, experiment, catalog, files, made).outcome();
}

}  // namespace samplerbench::harness
