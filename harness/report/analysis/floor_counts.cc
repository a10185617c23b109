#include "harness/report/analysis/floor_counts.h"

#include <fmt/format.h>

#include <algorithm>

namespace samplerbench::harness::reporting {

std::vector<std::string> floored_metrics(const Grid& grid) {
  std::vector<std::string> metrics = grid.quality_metrics();
  const auto& targets = grid.experiment().targets;
  std::erase_if(metrics, [&](const std::string& metric) {
    return std::none_of(targets.begin(), targets.end(),
                        [&](const Choice& target) { return grid.floor(target.label, metric).has_value(); });
  });
  return metrics;
}

std::vector<std::string> refused_replications(const Grid& grid, const std::string& metric) {
  std::vector<std::string> words;
  for (const Choice& target : grid.experiment().targets) {
    const auto floor = grid.results().floors.find(target.label);
    if (floor == grid.results().floors.end()) continue;
    const auto refused = floor->second.refused.find(metric);
    if (refused == floor->second.refused.end()) continue;
    const auto value = floor->second.metrics.find(metric);
    const int64_t others = value == floor->second.metrics.end() ? 0 : value->second.replications;
    words.push_back(fmt::format("{} of {} replications on {} gave no value ({})", refused->second.count,
                                refused->second.count + others, target.label, refused->second.reason));
  }
  return words;
}

std::vector<FloorCount> floor_counts(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  const std::vector<std::string> metrics = floored_metrics(grid);
  std::vector<FloorCount> counts;
  for (const SamplerChoice& sampler : experiment.samplers)
    for (const std::string& metric : metrics) counts.push_back({&sampler, metric});
  for (size_t m = 0; m < metrics.size(); ++m) {
    for (const Choice& target : experiment.targets) {
      if (!grid.floor(target.label, metrics[m])) continue;
      const std::vector<Score> scores = grid.judged(target.label, metrics[m]);
      for (size_t i = 0; i < scores.size(); ++i) {
        FloorCount& count = counts[i * metrics.size() + m];
        ++count.targets;
        if (scores[i].at_floor) count.at.push_back(target.label);
        if (scores[i].below_floor) count.below.push_back(target.label);
      }
    }
  }
  return counts;
}

}  // namespace samplerbench::harness::reporting
