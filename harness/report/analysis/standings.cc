#include "harness/report/analysis/standings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>

#include "harness/report/analysis/marks.h"
#include "harness/report/analysis/questions.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double kNoPlace = std::numeric_limits<double>::infinity();

// A target by the metric that answers a question there.
struct RankCell {
  const std::vector<Score>* scores = nullptr;  // of every sampler
  bool lower = true;
  std::optional<NoiseFloor> floor;
};

using RankCells = std::vector<std::vector<RankCell>>;  // by target
using Picks = std::vector<size_t>;                     // places of seeds

// Its mean over the picked seeds, less being better, not below the floor; infinite where a seed is without
// one.
double key_of(const RankCell& cell, size_t sampler, const Picks& picks) {
  const Score& score = (*cell.scores)[sampler];
  if (!score.complete()) return kNoPlace;
  double sum = 0;
  for (const size_t seed : picks) sum += *score.by_seed[seed];
  const double mean = sum / static_cast<double>(picks.size());
  return floored(cell.lower ? mean : -mean, cell.lower, cell.floor);
}

// That of the best of its samplers; oracles are not compared.
double key_of(const RankCell& cell, const Entrant& entrant, const Picks& picks) {
  double best = kNoPlace;
  for (const size_t sampler : entrant.samplers) best = std::min(best, key_of(cell, sampler, picks));
  return best;
}

// 1 for the least key, ties at their mean; 0 for oracles.
std::vector<double> ranks_of(const std::vector<double>& keys, const std::vector<Entrant>& entrants) {
  const auto same = [](double a, double b) { return a == b || std::abs(a - b) <= 1e-12 * std::abs(a); };
  std::vector<double> ranks(keys.size(), 0.0);
  for (size_t i = 0; i < keys.size(); ++i) {
    if (entrants[i].oracle) continue;
    double before = 0, level = 0;
    for (size_t j = 0; j < keys.size(); ++j) {
      if (entrants[j].oracle) continue;
      (same(keys[j], keys[i]) ? level : before) += same(keys[j], keys[i]) || keys[j] < keys[i];
    }
    ranks[i] = before + (level + 1) / 2;
  }
  return ranks;
}

void add_ranks(const RankCell& cell, const std::vector<Entrant>& entrants, const Picks& picks,
               std::vector<double>& sums) {
  std::vector<double> keys;
  for (const Entrant& entrant : entrants) keys.push_back(key_of(cell, entrant, picks));
  const std::vector<double> ranks = ranks_of(keys, entrants);
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += ranks[i];
}

// The cells of every target that has any, and in `asked` the words of each question.
RankCells cells_of(const Grid& grid, std::vector<std::string>& words) {
  RankCells cells;
  std::vector<std::string> questions;
  std::map<std::string, std::map<std::string, int>> targets;  // by question and metric
  for (const Choice& target : grid.experiment().targets) {
    std::vector<RankCell> own;
    for (const Asked& one : asked(grid, target.label)) {
      const std::vector<Score>& scores = grid.judged(target.label, one.metric);
      if (std::none_of(scores.begin(), scores.end(), [](const Score& s) { return s.complete(); })) continue;
      own.push_back({&scores, grid.better(one.metric) == "lower", grid.floor(target.label, one.metric)});
      if (!targets.contains(one.question)) questions.push_back(one.question);
      ++targets[one.question][one.metric];
    }
    if (!own.empty()) cells.push_back(std::move(own));
  }
  for (const std::string& question : questions) {
    std::vector<std::string> parts;
    for (const auto& [metric, count] : targets[question])
      parts.push_back(fmt::format("{} on {} target{}", metric_display(grid.experiment(), metric), count,
                                  count == 1 ? "" : "s"));
    words.push_back(fmt::format("{} ({})", question, fmt::join(parts, ", ")));
  }
  return cells;
}

// How the places of every entrant spread over bootstrap samples.
class Places {
 public:
  explicit Places(size_t entrants) : first_(entrants), first_three_(entrants), places_(entrants) {}

  void add(const std::vector<double>& places, const std::vector<Entrant>& entrants) {
    for (size_t i = 0; i < places.size(); ++i) {
      if (entrants[i].oracle) continue;
      const auto level = static_cast<double>(std::count(places.begin(), places.end(), places[i]));
      const double before = places[i] - (level + 1) / 2;
      // Those of one place share the better ones among them.
      first_[i] += std::clamp(1 - before, 0.0, level) / level;
      first_three_[i] += std::clamp(3 - before, 0.0, level) / level;
      places_[i].push_back(places[i]);
    }
  }

  void tell(size_t entrant, Standing& standing) {
    std::vector<double>& places = places_[entrant];
    if (places.empty()) return;
    std::sort(places.begin(), places.end());
    const auto count = static_cast<double>(places.size());
    standing.first = first_[entrant] / count;
    standing.first_three = first_three_[entrant] / count;
    standing.places = {places[places.size() / 20], places[places.size() - 1 - places.size() / 20]};
  }

 private:
  std::vector<double> first_, first_three_;
  std::vector<std::vector<double>> places_;
};

Picks all_of(size_t count) {
  Picks picks(count);
  std::iota(picks.begin(), picks.end(), size_t{0});
  return picks;
}

Places resampled_places(const RankCells& cells, const std::vector<Entrant>& entrants, size_t seeds) {
  constexpr int kResamples = 2000;
  Places places(entrants.size());
  if (seeds < 2) return places;
  std::mt19937_64 random(15);  // its numbers are the same on every machine
  Picks picks(seeds);
  for (int sample = 0; sample < kResamples; ++sample) {
    std::vector<double> sums(entrants.size(), 0.0);
    double count = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::vector<RankCell>& target = cells[random() % cells.size()];
      for (size_t& seed : picks) seed = random() % seeds;
      for (const RankCell& cell : target) add_ranks(cell, entrants, picks, sums);
      count += static_cast<double>(target.size());
    }
    for (double& sum : sums) sum /= count;
    places.add(ranks_of(sums, entrants), entrants);
  }
  return places;
}

void count_cells(const RankCell& cell, Standing& standing, const Picks& picks) {
  const double best = key_of(cell, standing.entrant, picks);
  bool at_floor = false, worse = true;
  for (const size_t sampler : standing.entrant.samplers) {
    const Score& score = (*cell.scores)[sampler];
    at_floor |= score.at_floor && key_of(cell, sampler, picks) == best;
    worse &= score.worse_than_start;
  }
  standing.at_floor += at_floor;
  standing.floors += cell.floor.has_value();
  standing.worse_than_start += worse;
}

void count_runs(const Grid& grid, Standing& standing) {
  const Experiment& experiment = grid.experiment();
  for (const Choice& target : experiment.targets) {
    for (const size_t sampler : standing.entrant.samplers) {
      for (size_t seed = 0; seed < experiment.seeds.size(); ++seed) {
        const Status status = grid.status(target.label, experiment.samplers[sampler].label, seed);
        ++standing.runs;
        standing.missing += status == Status::missing;
        standing.failed += status != Status::missing && status != Status::finished;
      }
    }
  }
}

}  // namespace

Ranking ranking(const Grid& grid) {
  const std::vector<Entrant> all = entrants(grid.experiment());
  const Picks seeds = all_of(grid.experiment().seeds.size());
  Ranking ranking;
  const RankCells cells = cells_of(grid, ranking.asked);
  ranking.targets = std::ssize(cells);
  std::vector<double> sums(all.size(), 0.0);
  for (const auto& target : cells) {
    ranking.cells += std::ssize(target);
    for (const RankCell& cell : target) add_ranks(cell, all, seeds, sums);
  }
  const std::vector<double> places = ranks_of(sums, all);
  Places resampled = resampled_places(cells, all, cells.empty() ? 0 : seeds.size());
  for (size_t i = 0; i < all.size(); ++i) {
    const bool ranks = !all[i].oracle && !cells.empty();
    Standing standing{.entrant = all[i],
                      .mean_rank = ranks ? sums[i] / static_cast<double>(ranking.cells) : kNoPlace,
                      .place = ranks ? places[i] : 0,
                      .first = std::nan(""),
                      .first_three = std::nan(""),
                      .places = {std::nan(""), std::nan("")}};
    resampled.tell(i, standing);
    for (const auto& target : cells)
      for (const RankCell& cell : target) count_cells(cell, standing, seeds);
    count_runs(grid, standing);
    ranking.has_start |= all[i].start;
    ranking.standings.push_back(std::move(standing));
  }
  std::stable_sort(ranking.standings.begin(), ranking.standings.end(),
                   [](const Standing& a, const Standing& b) { return a.mean_rank < b.mean_rank; });
  return ranking;
}

}  // namespace samplerbench::harness::reporting
