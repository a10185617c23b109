#include "harness/report/analysis/rank_test.h"

#include <algorithm>
#include <numeric>

namespace samplerbench::harness::reporting {
namespace {

// Ranks of the chosen samplers among themselves, since the grid's are among all.
std::vector<double> ranks_among(const std::vector<double>& ranks) {
  std::vector<double> own;
  for (const double rank : ranks) {
    const auto before = std::count_if(ranks.begin(), ranks.end(), [&](double other) { return other < rank; });
    const auto level = std::count(ranks.begin(), ranks.end(), rank);
    own.push_back(static_cast<double>(before) + (static_cast<double>(level) + 1) / 2);
  }
  return own;
}

std::vector<std::string> ranked_samplers(const Grid& grid, const FigureChoice& choice) {
  std::vector<std::string> samplers;
  for (const SamplerChoice& sampler : grid.experiment().samplers)
    if (!sampler.oracle &&
        std::find(choice.samplers.begin(), choice.samplers.end(), sampler.label) != choice.samplers.end())
      samplers.push_back(sampler.label);
  return samplers;
}

// One row of ranks, or nothing where the metric did not judge every one of these samplers on the target.
std::vector<double> ranks_on(const Grid& grid, const std::string& target, const std::string& metric,
                             const std::vector<std::string>& samplers) {
  const std::vector<Score> scores = grid.judged(target, metric);
  std::vector<double> ranks;
  for (size_t i = 0; i < scores.size(); ++i) {
    const std::string& label = grid.experiment().samplers[i].label;
    if (std::find(samplers.begin(), samplers.end(), label) == samplers.end()) continue;
    if (scores[i].rank == 0 || !scores[i].skipped.empty()) return {};
    ranks.push_back(scores[i].rank);
  }
  return ranks_among(ranks);
}

std::optional<RankTest> rank_test(const Grid& grid, const FigureChoice& choice, const std::string& metric) {
  const std::vector<std::string> samplers = ranked_samplers(grid, choice);
  std::vector<std::vector<double>> ranks;
  for (const std::string& target : choice.targets) {
    std::vector<double> row = ranks_on(grid, target, metric, samplers);
    if (!row.empty()) ranks.push_back(std::move(row));
  }
  if (ranks.size() < 2 || samplers.size() < 2) return std::nullopt;
  RankTest result{.metric = metric, .targets = ranks.size(), .test = friedman_test(ranks)};
  std::vector<size_t> order(samplers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return result.test.mean_ranks[a] < result.test.mean_ranks[b]; });
  for (const size_t i : order) {
    result.samplers.push_back(samplers[i]);
    result.mean_ranks.push_back(result.test.mean_ranks[i]);
  }
  return result;
}

}  // namespace

std::vector<RankTest> rank_tests(const Grid& grid, const FigureChoice& choice) {
  std::vector<RankTest> tests;
  for (const std::string& metric : choice.metrics.empty() ? grid.quality_metrics() : choice.metrics)
    if (auto test = rank_test(grid, choice, metric)) tests.push_back(std::move(*test));
  return tests;
}

}  // namespace samplerbench::harness::reporting
