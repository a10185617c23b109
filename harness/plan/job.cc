#include "harness/plan/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace samplerbench::harness {
namespace {

constexpr const char* kReferenceFolder = "reference";

std::string record_name(const std::string& key) { return key.substr(0, 16) + ".jsonl"; }

Work common_part(const Experiment& experiment, JobKind kind, const Choice& target,
                 const Placement& placement) {
  return {.kind = kind,
          .target = target,
          .threads = placement.threads,
          .draws = experiment.draws,
          .metrics = experiment.metrics};
}

Job finished_job(const Experiment& experiment, Work work, const std::string& folder) {
  Job job{.work = std::move(work), .key = {}, .record = {}};
  job.key = key_of(job.work);
  job.record = std::filesystem::path(experiment.name) / file_name_of(job.work.target.label) / folder /
               record_name(job.key);
  return job;
}

// The reference posterior of a target whose data this seed splits; nothing where the target needs none.
std::optional<Job> reference_job(const Experiment& experiment, const Choice& target, uint64_t seed,
                                 const Placement& placement) {
  if (!experiment.reference || !experiment.reference->covers(target.label)) return std::nullopt;
  return finished_job(experiment,
                      {.kind = JobKind::reference,
                       .target = target,
                       .threads = placement.threads,
                       .seed = seed,
                       .settings = *experiment.reference,
                       .revisions = ReferenceRevisions{.nuts = experiment.reference->nuts_revision}},
                      kReferenceFolder);
}

Job floor_job(const Experiment& experiment, const Choice& target, const Placement& placement) {
  Work work = common_part(experiment, JobKind::floor, target, placement);
  work.replications = experiment.floor_replications;
  if (const auto reference = reference_job(experiment, target, experiment.seeds.front(), placement)) {
    work.seed = experiment.seeds.front();
    work.reference = reference->key;
  }
  return finished_job(experiment, std::move(work), "floor");
}

Job run_job(const Experiment& experiment, const Choice& target, const SamplerChoice& sampler, uint64_t seed,
            const Placement& placement) {
  Work work = common_part(experiment, JobKind::run, target, placement);
  work.sampler = sampler;
  work.seed = seed;
  work.budget = sampler.budget;
  work.minibatch = sampler.minibatch;
  work.control_variates = sampler.control_variates;
  work.checkpoints = experiment.checkpoints;
  work.checkpoint_ratio = experiment.checkpoint_ratio;
  work.start_scale = experiment.start_scale;
  work.dtype = experiment.dtype;
  work.device = placement.device;
  if (const auto reference = reference_job(experiment, target, seed, placement))
    work.reference = reference->key;
  return finished_job(experiment, std::move(work), "sampler-" + file_name_of(sampler.label));
}

}  // namespace

std::filesystem::path reference_record(const Job& job) {
  return job.record.parent_path().parent_path() / kReferenceFolder / record_name(job.work.reference.value());
}

std::vector<Job> plan(const Experiment& experiment, const Placement& placement) {
  std::vector<Job> jobs;
  for (const uint64_t seed : experiment.seeds)
    for (const Choice& target : experiment.targets)
      if (auto job = reference_job(experiment, target, seed, placement)) jobs.push_back(std::move(*job));
  for (const Choice& target : experiment.targets) jobs.push_back(floor_job(experiment, target, placement));
  for (const uint64_t seed : experiment.seeds)
    for (const Choice& target : experiment.targets)
      for (const SamplerChoice& sampler : experiment.samplers)
        jobs.push_back(run_job(experiment, target, sampler, seed, placement));
  return jobs;
}

std::string file_name_of(const std::string& label) {
  std::string name = label;
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) {
        return !std::isalnum(c) &&
               std::string_view(".,=-_").find(static_cast<char>(c)) == std::string_view::npos;
      },
      '_');
  if (name.find_first_not_of('.') == std::string::npos) name = "_" + name;
  return name;
}

}  // namespace samplerbench::harness
