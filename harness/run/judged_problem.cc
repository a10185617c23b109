#include "harness/run/judged_problem.h"

#include "harness/data/data_folder.h"
#include "harness/reference/reference_record.h"

namespace samplerbench::harness {

targets::Problem make_problem(const Work& work, const Catalog& catalog, const std::filesystem::path& data) {
  const Choice& target = work.target;
  const DataFolder files(catalog.data, data);
  files.require(target.files);
  return catalog.problem(target.name, target.options, "target " + target.name, files, work.seed.value_or(0));
}

targets::Problem make_judged_problem(const Job& job, const Catalog& catalog,
                                     const std::filesystem::path& results,
                                     const std::filesystem::path& data) {
  targets::Problem problem = make_problem(job.work, catalog, data);
  if (job.work.needs_reference()) complete(problem, results / reference_record(job), *job.work.reference);
  return problem;
}

Json target_in_words(const Choice& target, const Catalog& catalog, uint64_t seed) {
  const auto& entry = catalog.targets.at(target.name);
  const Options options = Options::resolved(entry.options, target.options, "target " + target.name);
  return {{"name", target.name}, {"options", options.json()}, {"seed", seed}};
}

Rng stream_of_target(const Work& work, uint64_t seed) {
  return Rng(seed).split(work.target.name + canonical(work.target.options));
}

}  // namespace samplerbench::harness
