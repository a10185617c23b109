#include "harness/report/ranking.h"

#include <fmt/format.h>

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
  int64_t best = 0;
  int64_t near_best = 0;
  int64_t at_floor = 0;
  int64_t failures = 0;
  int64_t missing = 0;

  double mean_rank() const {
    return ranked == 0 ? std::numeric_limits<double>::infinity() : rank_sum / static_cast<double>(ranked);
  }
};

void count_target(const Grid& grid, const std::string& target, const std::string& metric,
                  std::vector<Standing>& standings) {
  const std::vector<Score> scores = grid.judged(target, metric);
  for (size_t i = 0; i < scores.size(); ++i) {
    Standing& standing = standings[i];
    standing.rank_sum += scores[i].rank;
    standing.ranked += scores[i].rank > 0;
    standing.best += scores[i].best;
    standing.near_best += scores[i].best || scores[i].tied;
    standing.at_floor += scores[i].at_floor;
    for (size_t seed = 0; seed < scores[i].by_seed.size(); ++seed) {
      const std::string status = grid.status(target, standing.sampler->label, seed);
      standing.missing += status == "missing";
      standing.failures += status != "missing" && status != "finished";
    }
  }
}

std::vector<Cell> standing_row(const Standing& standing, size_t place, int64_t floors, int64_t runs) {
  const auto number = [](int64_t count) { return static_cast<double>(count); };
  Cell failures{fmt::format("{} of {}", standing.failures, runs), "", number(standing.failures)};
  if (standing.missing > 0) failures.note = fmt::format("{} missing", standing.missing);
  const bool ranked = standing.ranked > 0;
  return {
      {std::to_string(place), "", static_cast<double>(place)},
      {standing.sampler->label, "", std::nullopt, place == 1 && ranked},
      {ranked ? fmt::format("{:.2f}", standing.mean_rank()) : "—", "", standing.mean_rank(),
       place == 1 && ranked},
      {std::to_string(standing.best), "", number(standing.best)},
      {std::to_string(standing.near_best), "", number(standing.near_best)},
      {floors == 0 ? "—" : fmt::format("{} of {}", standing.at_floor, floors), "", number(standing.at_floor)},
      failures,
      {budget_words(standing.sampler->budget)},
      {standing.sampler->settings.empty() ? "defaults" : standing.sampler->settings}};
}

}  // namespace

Table ranking_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  const std::string metric = experiment.metrics.empty() ? "" : experiment.metrics.front();
  std::vector<Standing> standings;
  for (const SamplerEntry& sampler : experiment.samplers) standings.push_back({&sampler});
  int64_t floors = 0;
  for (const TargetEntry& target : experiment.targets) {
    count_target(grid, target.label, metric, standings);
    floors += grid.floor(target.label, metric).has_value();
  }
  std::stable_sort(standings.begin(), standings.end(),
                   [](const Standing& a, const Standing& b) { return a.mean_rank() < b.mean_rank(); });
  Table table{.name = "ranking", .title = fmt::format("Ranking by {}", metric)};
  table.columns = {{"place", true},
                   {"sampler"},
                   {"mean rank", true},
                   {"best on", true},
                   {"best or tied", true},
                   {"at floor", true},
                   {"failed runs", true},
                   {"budget"},
                   {"settings"}};
  const auto runs = static_cast<int64_t>(experiment.targets.size() * experiment.seeds.size());
  for (size_t i = 0; i < standings.size(); ++i)
    table.rows.push_back(standing_row(standings[i], i + 1, floors, runs));
  int64_t ranked = 0;
  for (const Standing& standing : standings) ranked = std::max(ranked, standing.ranked);
  table.notes.push_back(
      fmt::format("Rank of the mean over {} at the end of the budget, averaged over {} of {} targets; a cell "
                  "with a failed or missing "
                  "seed ranks behind all complete ones. Best on: targets where its mean is the best; tied: "
                  "its difference to the best, "
                  "paired by seed, has a 95 % interval that holds 0. At floor: targets where its mean is "
                  "within what two independent exact "
                  "draw sets of the same size give in 95 % of cases.",
                  seeds_words(experiment), ranked, experiment.targets.size()));
  return table;
}

}  // namespace samplerbench::harness::reporting
