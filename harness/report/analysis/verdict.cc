#include "harness/report/analysis/verdict.h"

#include <algorithm>

#include "harness/report/analysis/settling.h"

namespace samplerbench::harness::reporting {
namespace {

// A metric's score as the tables show it, or that of a cost.
Score sampler_score(const Grid& grid, const Claim& claim, const std::string& sampler) {
  const Experiment& experiment = grid.experiment();
  const std::vector<std::string> metrics = experiment.metric_labels();
  if (std::find(metrics.begin(), metrics.end(), claim.metric) != metrics.end()) {
    const std::vector<Score> scores = grid.judged(claim.target, claim.metric);
    for (size_t i = 0; i < scores.size(); ++i)
      if (experiment.samplers[i].label == sampler) return scores[i];
  }
  const bool settles = experiment.settle && is_settling_quantity(claim.metric);
  return grid.score(
      claim.target, sampler,
      settles ? settling_quantity(claim.metric, *experiment.settle) : quantity_named(claim.metric));
}

// A number, or the noise floor's edge, the same for every seed; no value where it is not known.
Score constant_score(const Grid& grid, const Claim& claim) {
  Score score;
  std::optional<double> constant = claim.constant();
  if (const auto floor = grid.floor(claim.target, claim.metric); floor && !constant) constant = floor->edge();
  score.by_seed.resize(grid.experiment().seeds.size());
  if (!constant) return score;
  for (auto& value : score.by_seed) value = constant;
  score.estimate = {static_cast<int64_t>(score.by_seed.size()), *constant, 0};
  return score;
}

}  // namespace

Verdict judge(const Grid& grid, const Claim& claim) {
  Verdict verdict;
  verdict.left = sampler_score(grid, claim, claim.left);
  verdict.right = claim.right_sampler().empty() ? constant_score(grid, claim)
                                                : sampler_score(grid, claim, claim.right_sampler());
  verdict.difference = estimate(paired_differences(verdict.left, verdict.right, claim.factor));
  if (!verdict.complete()) return verdict;
  const double sign = claim.direction == Direction::lower ? 1 : -1;
  const double far = sign * verdict.difference.mean + verdict.difference.half_width;
  const double near = sign * verdict.difference.mean - verdict.difference.half_width;
  if (far < 0) verdict.finding = Finding::reproduced;
  if (near >= 0) verdict.finding = Finding::not_reproduced;
  return verdict;
}

}  // namespace samplerbench::harness::reporting
