#include "harness/report/analysis/failed_runs.h"

#include <fmt/format.h>

namespace samplerbench::harness::reporting {
namespace {

std::string metric_errors(const Run& run) {
  std::string errors;
  for (const auto& [label, outcome] : run.checkpoints.back().metrics) {
    if (!outcome.error.empty())
      errors += fmt::format("{}{}: {}", errors.empty() ? "" : "; ", label, outcome.error);
  }
  return errors;
}

// Sets status and reason; false where nothing failed.
bool has_failed(FailedRun& failed) {
  const Run* run = failed.run;
  if (run == nullptr) {
    failed.status = word_of(Status::missing);
    failed.reason = "no record";
  } else if (run->status != Status::finished) {
    failed.status = word_of(run->status);
    failed.reason = run->reason;
  } else if (run->checkpoints.empty()) {
    failed.status = word_of(Status::finished);
    failed.reason = "no checkpoint";
  } else {
    failed.status = "metric error";
    failed.reason = metric_errors(*run);
    return !failed.reason.empty();
  }
  return true;
}

}  // namespace

std::vector<FailedRun> failed_runs(const Grid& grid) {
  std::vector<FailedRun> all;
  const auto& seeds = grid.experiment().seeds;
  for (const Choice& target : grid.experiment().targets) {
    for (const SamplerChoice& sampler : grid.experiment().samplers) {
      for (size_t i = 0; i < seeds.size(); ++i) {
        FailedRun failed{.target = target.label,
                         .sampler = &sampler,
                         .seed = seeds[i],
                         .run = grid.run(target.label, sampler.label, i)};
        if (has_failed(failed)) all.push_back(std::move(failed));
      }
    }
  }
  return all;
}

}  // namespace samplerbench::harness::reporting
