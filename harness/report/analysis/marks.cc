#include "harness/report/analysis/marks.h"

#include <algorithm>
#include <limits>

namespace samplerbench::harness::reporting {
namespace {

void mark_floor(Score& score, const NoiseFloor& floor, const std::string& better) {
  if (better == "neither") return;
  const double mean = score.estimate.mean;
  score.below_floor = better == "lower" ? mean < floor.mean_q05 : mean > floor.mean_q95;
  score.at_floor = floor.mean_q05 <= mean && mean <= floor.mean_q95;
}

// Complete cells first, by mean; then those with failures, which share the last places.
double rank_key(const Score& score, bool lower) {
  if (!score.complete()) return std::numeric_limits<double>::infinity();
  return lower ? score.estimate.mean : -score.estimate.mean;
}

// The same, with no difference beyond the floor: nobody ranks before exact draws.
double floored_key(const Score& score, bool lower, const std::optional<NoiseFloor>& floor) {
  const double key = rank_key(score, lower);
  if (!floor) return key;
  return std::max(key, lower ? floor->mean_q95 : -floor->mean_q05);
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
  const auto key = [lower](const Score& score) {
    return score.oracle ? std::numeric_limits<double>::infinity() : rank_key(score, lower);
  };
  const auto best = std::min_element(scores.begin(), scores.end(),
                                     [&](const Score& a, const Score& b) { return key(a) < key(b); });
  if (best == scores.end() || !best->complete() || best->oracle) return;
  best->best = true;
  for (Score& score : scores) {
    if (&score == &*best || !score.complete() || score.oracle) continue;
    const Estimate difference = estimate(paired_differences(score, *best));
    score.best = score.estimate.mean == best->estimate.mean;
    score.tied = !score.best && difference.count > 1 && difference.low() <= 0 && difference.high() >= 0;
  }
}

}  // namespace

void mark(std::vector<Score>& scores, const std::string& better, const std::optional<NoiseFloor>& floor) {
  for (Score& score : scores)
    if (floor && score.complete()) mark_floor(score, *floor, better);
  const bool any =
      std::any_of(scores.begin(), scores.end(), [](const Score& score) { return score.complete(); });
  if (better == "neither" || !any) return;
  set_ranks(scores, better == "lower", floor);
  set_best(scores, better == "lower");
}

}  // namespace samplerbench::harness::reporting
