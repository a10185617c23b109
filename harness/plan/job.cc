#include "harness/plan/job.h"

#include <fmt/format.h>

#include <optional>

#include "harness/records/packed_records.h"
#include "harness/support/escape.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReferenceFolder = "reference";
constexpr const char* kNoMetrics = "null";  // in the key of a reference posterior

std::string record_name(const std::string& key) { return key.substr(0, kKeyLetters) + ".jsonl"; }

// What the jobs of an experiment share, made once for all of them.
class Planner {
 public:
  Planner(const Experiment& experiment, const Placement& placement)
      : experiment_(experiment), placement_(placement), metrics_(experiment.metrics) {
    const std::string metrics = key_text(experiment.metrics);
    for (const Choice& target : experiment.targets)
      targets_.push_back(
          {.choice = target,
           .texts = {.target = key_text(target), .metrics = metrics},
           .folder = fs::path(experiment.name) / file_name_of(target.label),
           .has_reference = experiment.reference && experiment.reference->covers(target.label)});
    for (const SamplerChoice& sampler : experiment.samplers)
      samplers_.push_back({.choice = sampler,
                           .shared = Choice(sampler),
                           .text = key_text(static_cast<const Choice&>(sampler)),
                           .folder = "sampler-" + file_name_of(sampler.label)});
  }

  std::vector<Job> plan() {
    std::vector<Job> jobs;
    jobs.reserve((experiment_.seeds.size() + 1) * targets_.size() * (samplers_.size() + 1));
    for (const uint64_t seed : experiment_.seeds)
      for (const TargetPart& target : targets_)
        if (target.has_reference) jobs.push_back(reference_job(target, seed));
    for (const TargetPart& target : targets_) jobs.push_back(floor_job(target));
    for (const uint64_t seed : experiment_.seeds) {
      for (const TargetPart& target : targets_) {
        const std::optional<std::string> reference = reference_key(target, seed);
        for (const SamplerPart& sampler : samplers_)
          jobs.push_back(run_job(target, sampler, seed, reference));
      }
    }
    return jobs;
  }

 private:
  struct TargetPart {
    const Choice& choice;
    KeyTexts texts;
    fs::path folder;
    bool has_reference;
  };
  struct SamplerPart {
    const SamplerChoice& choice;
    Shared<Choice> shared;
    std::string text;
    std::string folder;
  };

  Work common_part(JobKind kind, const TargetPart& target) const {
    return {.kind = kind,
            .target = target.choice,
            .threads = placement_.threads,
            .draws = experiment_.draws,
            .metrics = metrics_};
  }

  static Job finished_job(Work work, const KeyTexts& texts, const fs::path& folder) {
    Job job{.work = std::move(work), .key = {}, .record = {}};
    job.key = key_of(job.work, texts);
    job.record = folder / record_name(job.key);
    return job;
  }

  // The reference posterior of a target whose data this seed splits.
  Job reference_job(const TargetPart& target, uint64_t seed) const {
    return finished_job({.kind = JobKind::reference,
                         .target = target.choice,
                         .threads = placement_.threads,
                         .seed = seed,
                         .settings = *experiment_.reference,
                         .revisions = experiment_.reference->revisions},
                        {.target = target.texts.target, .metrics = kNoMetrics},
                        target.folder / kReferenceFolder);
  }

  std::optional<std::string> reference_key(const TargetPart& target, uint64_t seed) const {
    return target.has_reference ? std::optional(reference_job(target, seed).key) : std::nullopt;
  }

  Job floor_job(const TargetPart& target) const {
    Work work = common_part(JobKind::floor, target);
    work.replications = experiment_.floor_replications;
    work.reference = reference_key(target, experiment_.seeds.front());
    if (work.reference) work.seed = experiment_.seeds.front();
    return finished_job(std::move(work), target.texts, target.folder / "floor");
  }

  Job run_job(const TargetPart& target, const SamplerPart& sampler, uint64_t seed,
              const std::optional<std::string>& reference) const {
    Work work = common_part(JobKind::run, target);
    work.sampler = sampler.shared;
    work.seed = seed;
    work.budget = sampler.choice.budget;
    work.minibatch = sampler.choice.minibatch;
    work.control_variates = sampler.choice.control_variates;
    work.second_order = sampler.choice.second_order;
    work.coordinates = sampler.choice.coordinates;
    work.map_files = sampler.choice.map_files;
    work.checkpoints = experiment_.checkpoints;
    work.checkpoint_ratio = experiment_.checkpoint_ratio;
    work.start_scale = experiment_.start_scale;
    work.dtype = experiment_.dtype;
    work.device = placement_.device;
    work.reference = reference;
    KeyTexts texts = target.texts;
    texts.sampler = sampler.text;
    Job job = finished_job(std::move(work), texts, target.folder / sampler.folder);
    if (sampler.choice.program) job.folder = sampler.choice.program->folder;
    return job;
  }

  const Experiment& experiment_;
  const Placement& placement_;
  Shared<std::vector<Choice>> metrics_;
  std::vector<TargetPart> targets_;
  std::vector<SamplerPart> samplers_;
};

}  // namespace

std::filesystem::path reference_record(const Job& job) {
  return job.record.parent_path().parent_path() / kReferenceFolder / record_name(job.work.reference.value());
}

std::vector<Job> plan(const Experiment& experiment, const Placement& placement) {
  return Planner(experiment, placement).plan();
}

}  // namespace samplerbench::harness
