#include "harness/report/ranking.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "harness/report/notes.h"
#include "harness/report/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

struct Standing {
  const SamplerEntry* sampler = nullptr;
  double rank_sum = 0;
  int64_t ranked = 0;
  int64_t at_floor = 0;  // or below it
  int64_t failures = 0;
  int64_t missing = 0;

  double mean_rank() const {
    return ranked == 0 ? std::numeric_limits<double>::infinity() : rank_sum / static_cast<double>(ranked);
  }
};

// A metric that skipped one of the samplers compares too few of them to rank by.
bool judges_all(const std::vector<Score>& scores) {
  return std::all_of(scores.begin(), scores.end(),
                     [](const Score& score) { return score.oracle || score.skipped.empty(); });
}

void count_scores(const std::vector<Score>& scores, std::vector<Standing>& standings) {
  const bool ranks = judges_all(scores);
  for (size_t i = 0; i < scores.size(); ++i) {
    if (ranks) standings[i].rank_sum += scores[i].rank;
    standings[i].ranked += ranks && scores[i].rank > 0;
    standings[i].at_floor += scores[i].at_floor || scores[i].below_floor;
  }
}

void count_statuses(const Grid& grid, const std::string& target, Standing& standing) {
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const std::string status = grid.status(target, standing.sampler->label, seed);
    standing.missing += status == "missing";
    standing.failures += status != "missing" && status != "finished";
  }
}

std::vector<Cell> standing_row(const Standing& standing, size_t place, int64_t floors, int64_t runs) {
  const auto number = [](int64_t count) { return static_cast<double>(count); };
  Cell failures{fmt::format("{} of {}", standing.failures, runs), "", number(standing.failures)};
  if (standing.missing > 0) failures.note = fmt::format("{} missing", standing.missing);
  const bool ranked = standing.ranked > 0;
  return {
      {ranked ? std::to_string(place) : "—", "", static_cast<double>(place)},
      {standing.sampler->heading(), "", std::nullopt, place == 1 && ranked},
      {ranked ? fmt::format("{:.2f}", standing.mean_rank()) : "—", "", standing.mean_rank(),
       place == 1 && ranked},
      {floors == 0 ? "—" : fmt::format("{} of {}", standing.at_floor, floors), "", number(standing.at_floor)},
      failures,
      {budget_words(standing.sampler->budget)},
      {standing.sampler->settings.empty() ? "defaults" : standing.sampler->settings}};
}

}  // namespace

Table ranking_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  std::vector<Standing> standings;
  for (const SamplerEntry& sampler : experiment.samplers) standings.push_back({&sampler});
  int64_t floors = 0;
  std::vector<std::string> metrics;
  for (const std::string& metric : experiment.metrics)
    if (grid.is_quality(metric)) metrics.push_back(metric);
  for (const TargetEntry& target : experiment.targets) {
    for (const std::string& metric : metrics) {
      count_scores(grid.judged(target.label, metric), standings);
      floors += grid.floor(target.label, metric).has_value();
    }
    for (Standing& standing : standings) count_statuses(grid, target.label, standing);
  }
  std::stable_sort(standings.begin(), standings.end(),
                   [](const Standing& a, const Standing& b) { return a.mean_rank() < b.mean_rank(); });
  Table table{.name = "ranking", .title = "Ranking"};
  table.columns = {{"place", true},       {"sampler"}, {"mean rank", true}, {"at floor", true},
                   {"failed runs", true}, {"budget"},  {"settings"}};
  const auto runs = static_cast<int64_t>(experiment.targets.size() * experiment.seeds.size());
  for (size_t i = 0; i < standings.size(); ++i)
    table.rows.push_back(standing_row(standings[i], i + 1, floors, runs));
  table.notes.push_back(fmt::format(
      "Mean rank over all targets and metrics of quality ({}), each by its mean over {} at the "
      "end of the budget. Means "
      "that are at or below the noise floor share a rank, since nothing can be closer to the "
      "target than exact draws; "
      "a cell with a failed or missing seed ranks behind all complete ones; where a metric skips a "
      "sampler, it ranks nobody on that target. At floor: cells, "
      "target by metric, whose mean is "
      "at most the 95 % quantile of what two independent exact draw sets of the same size give.",
      fmt::join(metrics, ", "), seeds_words(experiment)));
  for (const std::string& note : oracle_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
