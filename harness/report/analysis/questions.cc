#include "harness/report/analysis/questions.h"

#include <algorithm>

namespace samplerbench::harness::reporting {
namespace {

// A metric that skipped one of the samplers compares too few of them to rank by.
bool judges_all(const std::vector<Score>& scores) {
  return std::all_of(scores.begin(), scores.end(),
                     [](const Score& score) { return score.oracle || score.start || score.skipped.empty(); });
}

// The labels of the experiment's metrics of quality by that name.
std::vector<std::string> labels_of(const Grid& grid, const std::string& name) {
  std::vector<std::string> labels;
  for (const Choice& metric : grid.experiment().metrics)
    if (metric.name == name && grid.is_quality(metric.label)) labels.push_back(metric.label);
  return labels;
}

std::optional<std::string> first_that_judges(const Grid& grid, const std::string& target,
                                             const std::vector<std::string>& labels) {
  const auto found = std::find_if(labels.begin(), labels.end(), [&](const std::string& label) {
    return judges_all(grid.judged(target, label));
  });
  return found == labels.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

const std::vector<Question>& questions() {
  static const std::vector<Question> all{
      {"distance to exact draws", {"sliced_wasserstein", "mmd", "energy_distance", "fid", "kid", "c2st"}},
      {"kernel Stein discrepancy", {"ksd_imq_v", "ksd_imq_u", "ksd_rbf_v", "ksd_rbf_u"}},
      {"moments", {"moment_mean_error", "posterior_mean_error", "moment_sd_error", "posterior_sd_error"}},
      {"prediction", {"log_predictive_density", "accuracy_gap", "accuracy", "calibration_error"}},
  };
  return all;
}

std::vector<Asked> asked(const Grid& grid, const std::string& target) {
  std::vector<Asked> all;
  bool any = false;
  for (const Question& question : questions()) {
    std::vector<std::string> labels;
    for (const std::string& name : question.metrics)
      for (std::string& label : labels_of(grid, name)) labels.push_back(std::move(label));
    any |= !labels.empty();
    if (const auto metric = first_that_judges(grid, target, labels)) all.push_back({question.words, *metric});
  }
  if (any) return all;
  if (const auto metric = first_that_judges(grid, target, grid.quality_metrics()))
    all.push_back({"quality", *metric});
  return all;
}

}  // namespace samplerbench::harness::reporting
