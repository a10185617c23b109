#include "harness/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "harness/reference_posterior.h"

namespace samplerbench::harness {
namespace {

constexpr const char* reference_folder = "reference";

// Labels of targets and samplers are for readers: the same work under another label is the same run. A
// metric's label follows from its name and options, and names it in the record.
Json without_labels(Json document) {
  for (const char* name : {"target", "sampler"}) {
    if (!document.contains(name)) continue;
    document[name].erase("label");
    document[name].erase("settings");
  }
  for (Json& metric : document["metrics"]) {
    metric.erase("label");
    metric.erase("settings");
  }
  return document;
}

Json common_part(const Experiment& experiment, const Choice& target, const Placement& placement) {
  Json document{{"schema", 1},
                {"target", to_json(target)},
                {"draws", experiment.draws},
                {"metrics", Json::array()},
                {"threads", placement.threads}};
  for (const Choice& metric : experiment.metrics) document["metrics"].push_back(to_json(metric));
  return document;
}

std::string record_name(const std::string& key) { return key.substr(0, 16) + ".jsonl"; }

Job finished_job(const Experiment& experiment, std::string kind, Json document, const std::string& folder) {
  Job job{.kind = std::move(kind), .document = std::move(document)};
  job.document["kind"] = job.kind;
  job.key = sha256(canonical(without_labels(job.document)));
  job.record = std::filesystem::path(experiment.name) / file_name_of(job.target_label()) / folder /
               record_name(job.key);
  return job;
}

// The reference posterior of a target whose data this seed splits; nothing where the target needs none.
std::optional<Job> reference_job(const Experiment& experiment, const Choice& target, uint64_t seed,
                                 const Placement& placement) {
  if (!experiment.reference || !experiment.reference->targets.contains(target.label)) return std::nullopt;
  Json document{
      {"schema", 1},
      {"target", to_json(target)},
      {"seed", seed},
      {"settings", to_json(experiment.reference->settings)},
      {"revisions", {{"reference", reference_revision}, {"nuts", experiment.reference->nuts_revision}}},
      {"threads", placement.threads}};
  return finished_job(experiment, "reference", std::move(document), reference_folder);
}

Job floor_job(const Experiment& experiment, const Choice& target, const Placement& placement) {
  Json document = common_part(experiment, target, placement);
  document["replications"] = experiment.floor_replications;
  if (const auto reference = reference_job(experiment, target, experiment.seeds.front(), placement)) {
    document["seed"] = experiment.seeds.front();
    document["reference"] = reference->key;
  }
  return finished_job(experiment, "floor", std::move(document), "floor");
}

Job run_job(const Experiment& experiment, const Choice& target, const SamplerChoice& sampler, uint64_t seed,
            const Placement& placement) {
  Json document = common_part(experiment, target, placement);
  document["sampler"] = to_json(sampler);
  document["seed"] = seed;
  document["budget"] = samplerbench::to_json(sampler.budget);
  if (sampler.minibatch > 0) document["minibatch"] = sampler.minibatch;
  if (sampler.control_variates) document["control_variates"] = true;
  document["checkpoints"] = experiment.checkpoints;
  // Left out where it is what it was before there was a choice, so that old records keep their keys.
  if (experiment.checkpoint_ratio != 2) document["checkpoint_ratio"] = experiment.checkpoint_ratio;
  document["start_scale"] = experiment.start_scale;
  document["dtype"] = experiment.dtype;
  document["device"] = placement.device;
  if (const auto reference = reference_job(experiment, target, seed, placement))
    document["reference"] = reference->key;
  return finished_job(experiment, "run", std::move(document), "sampler-" + file_name_of(sampler.label));
}

}  // namespace

std::string Job::title() const {
  if (kind == "floor") return fmt::format("{} / noise floor", target_label());
  return fmt::format("{} / {} / seed {}", target_label(), sampler_label(),
                     document.at("seed").get<uint64_t>());
}

std::filesystem::path reference_record(const Job& job) {
  return job.record.parent_path().parent_path() / reference_folder /
         record_name(job.document.at("reference"));
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
