#include "harness/report/analysis/standings.h"

#include <algorithm>
#include <limits>

namespace samplerbench::harness::reporting {
namespace {

// A metric that skipped one of the samplers compares too few of them to rank by.
bool judges_all(const std::vector<Score>& scores) {
  return std::all_of(scores.begin(), scores.end(),
                     [](const Score& score) { return score.oracle || score.skipped.empty(); });
}

void count_scores(const std::vector<Score>& scores, bool floor, std::vector<Standing>& standings) {
  const bool ranks = judges_all(scores);
  for (size_t i = 0; i < scores.size(); ++i) {
    if (ranks) standings[i].rank_sum += scores[i].rank;
    standings[i].ranked += ranks && scores[i].rank > 0;
    standings[i].at_floor += scores[i].at_floor;
    standings[i].floors += floor;
  }
}

void count_runs(const Grid& grid, const std::string& target, Standing& standing) {
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Status status = grid.status(target, standing.sampler->label, seed);
    ++standing.runs;
    standing.missing += status == Status::missing;
    standing.failed += status != Status::missing && status != Status::finished;
  }
}

}  // namespace

double Standing::mean_rank() const {
  return ranked == 0 ? std::numeric_limits<double>::infinity() : rank_sum / static_cast<double>(ranked);
}

std::vector<Standing> standings(const Grid& grid) {
  std::vector<Standing> standings;
  for (const SamplerChoice& sampler : grid.experiment().samplers) standings.push_back({&sampler});
  for (const Choice& target : grid.experiment().targets) {
    for (const std::string& metric : grid.quality_metrics())
      count_scores(grid.judged(target.label, metric), grid.floor(target.label, metric).has_value(),
                   standings);
    for (Standing& standing : standings) count_runs(grid, target.label, standing);
  }
  std::stable_sort(standings.begin(), standings.end(),
                   [](const Standing& a, const Standing& b) { return a.mean_rank() < b.mean_rank(); });
  return standings;
}

}  // namespace samplerbench::harness::reporting
