#include "harness/report/analysis/marks.h"

#include <algorithm>
#include <limits>

namespace samplerbench::harness::reporting {
namespace {

void mark_floor(Score& score, const NoiseFloor& floor) {
  score.below_floor = floor.surpassed_by(score.estimate.mean);
  score.at_floor = floor.reached_by(score.estimate.mean) && !score.below_floor;
}

void mark_worse_than_start(std::vector<Score>& scores, bool lower) {
  const auto start =
      std::find_if(scores.begin(), scores.end(), [](const Score& score) { return score.start; });
  if (start == scores.end()) return;
  for (Score& score : scores) {
    const double difference = estimate(paired_differences(score, *start)).mean;  // NaN of no pair
    score.worse_than_start = !score.start && (lower ? difference > 0 : difference < 0);
  }
}

// Complete cells first, by mean; then those with failures, which share the last places.
double rank_key(const Score& score, bool lower) {
  if (!score.complete()) return std::numeric_limits<double>::infinity();
  return lower ? score.estimate.mean : -score.estimate.mean;
}

double floored_key(const Score& score, bool lower, const std::optional<NoiseFloor>& floor) {
  return floored(rank_key(score, lower), lower, floor);
}

void set_ranks(std::vector<Score>& scores, bool lower, const std::optional<NoiseFloor>& floor) {
  for (Score& score : scores) {
    if (score.oracle) continue;
    const double own = floored_key(score, lower, floor);
    const auto before = std::count_if(scores.begin(), scores.end(), [&](const Score& s) {
      return !s.oracle && floored_key(s, lower, floor) < own;
    });
    const auto level = std::count_if(scores.begin(), scores.end(), [&](const Score& s) {
      return !s.oracle && floored_key(s, lower, floor) == own;
    });
    score.rank = static_cast<double>(before) + (static_cast<double>(level) + 1) / 2;
  }
}

void set_best(std::vector<Score>& scores, bool lower) {
  const auto can_be = [](const Score& score) { return score.complete() && !score.oracle && !score.start; };
  const auto key = [&](const Score& score) {
    return can_be(score) ? rank_key(score, lower) : std::numeric_limits<double>::infinity();
  };
  const auto best = std::min_element(scores.begin(), scores.end(),
                                     [&](const Score& a, const Score& b) { return key(a) < key(b); });
  if (best == scores.end() || !can_be(*best)) return;
  best->best = true;
  for (Score& score : scores) {
    if (&score == &*best || !can_be(score)) continue;
    const std::vector<double> differences = paired_differences(score, *best);
    score.best = score.estimate.mean == best->estimate.mean;
    score.tied = !score.best && differences.size() > 1 && interval_of_mean(differences).holds(0);
  }
}

}  // namespace

double floored(double key, bool lower, const std::optional<NoiseFloor>& floor) {
  return floor ? std::max(key, lower ? floor->mean_q95 : -floor->mean_q05) : key;
}

void mark(std::vector<Score>& scores, const std::string& better, const std::optional<NoiseFloor>& floor) {
  for (Score& score : scores)
    if (floor && score.complete() && better != "neither") mark_floor(score, *floor);
  const bool any =
      std::any_of(scores.begin(), scores.end(), [](const Score& score) { return score.complete(); });
  if (better == "neither" || !any) return;
  mark_worse_than_start(scores, better == "lower");
  set_ranks(scores, better == "lower", floor);
  set_best(scores, better == "lower");
}

}  // namespace samplerbench::harness::reporting
