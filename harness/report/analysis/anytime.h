#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/analysis/entrants.h"
#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// What time is measured by. Gradients are scores and Hessian-vector products, per point.
enum class Clock { cpu, wall, gradients };

// "CPU s", "wall-clock s", "gradients".
std::string unit_of(Clock clock);

// What training to a checkpoint and `draws` draws cost there. Draws that are made anew (of a model, fresh, of
// the starting law) cost in proportion. A particle set is one set: more draws than it has take whole runs. A
// run of chains is worth its bulk effective draws where these were measured and are more than it kept: as
// many draws as it kept, or is worth, cost one run, and N more than that N / effective draws runs.
double cost_of_draws(const CheckpointLine& checkpoint, std::optional<samplers::DrawsAre> kind, Clock clock,
                     double draws);

// An entrant on one target by one metric at one time.
struct TimedScore {
  const SamplerChoice* sampler = nullptr;      // the one of the entrant's samplers that is best then
  std::vector<std::optional<double>> by_seed;  // parallel to Experiment::seeds
  Estimate estimate;                           // of the values there are
  int64_t ended = 0;                           // seeds whose run had ended before, with its last quality
  int64_t at_start = 0;  // seeds without a checkpoint yet, with the quality of the row `start`
  int64_t none = 0;  // seeds without a value: no record, broken off by then, or no checkpoint and no `start`

  bool complete() const { return none == 0 && estimate.count > 0; }
  // Every seed has a value, of work of its own: only such an entrant can be best.
  bool ranked() const { return complete() && at_start == 0; }
};

// How far the best is ahead of the second.
struct Lead {
  bool is_ratio = false;  // second / best; else the difference of the means, above 0 where the best is better
  double value = 0;
  std::optional<Interval> interval;  // 95 %; none of fewer than 5 seeds
};

// Who is best on a target by a metric at a time. Places are those of Anytime::entrants().
struct BestAt {
  std::vector<TimedScore> scores;  // of all entrants
  std::optional<size_t> best;      // none where no entrant is ranked
  std::optional<size_t> second;
  Lead lead;                  // where there is a second
  std::vector<size_t> level;  // who cannot be told from the best, itself left out
  bool at_floor = false;      // the best is no worse than exact draws are
};

// The quality of every entrant as a function of time. An entrant of several samplers (a method of fixed
// length) is at each time the best of them by the mean over seeds. Refers to `grid`.
class Anytime {
 public:
  // `draws` is how many are wanted; 0: as many as checkpoints are judged on.
  explicit Anytime(const Grid& grid, double draws = 0);

  const Grid& grid() const { return grid_; }
  const std::vector<Entrant>& entrants() const { return entrants_; }

  // By the last checkpoint that the time pays for. A run that ended before keeps its last quality, but one
  // that broke off (diverged, error, ...) has none after its last checkpoint.
  TimedScore score(const std::string& target, const Entrant& entrant, const std::string& metric, Clock clock,
                   double time) const;

  // The lead and who is level by resampling seeds, the same ones of all entrants, kSeedResamples times, of
  // more than 100 seeds less often (resamples_of): expanded percentile intervals (Hesterberg 2015), which
  // leave out a normal law's truth in 7 % of cases with 5 seeds and 6 % with 10. Of fewer than 5 seeds who is
  // level follows Student's t. Means no worse than exact draws give are level.
  BestAt best_at(const std::string& target, const std::string& metric, Clock clock, double time) const;

  // What the longest run on a target had spent at its last checkpoint with its draws; 0 where there is none.
  double longest(const std::string& target, Clock clock) const;

  // What the shortest first checkpoint there costs, the starting law left out; 0 where there is none.
  double shortest(const std::string& target, Clock clock) const;

  // The runs of a sampler on a target, parallel to Experiment::seeds; null where there is no record, and all
  // of one that was trained elsewhere: what its training took is declared, and no time compares with that.
  const std::vector<const Run*>& runs(const std::string& target, const SamplerChoice& sampler) const;

  // What `draws` draws cost at a checkpoint of a run of this sampler.
  double cost(const SamplerChoice& sampler, const CheckpointLine& checkpoint, Clock clock) const;

 private:
  // The score of one sampler.
  TimedScore score_of(const std::string& target, const SamplerChoice& sampler, const std::string& metric,
                      Clock clock, double time) const;
  // The quality of the row `start` for a seed.
  std::optional<double> start_value(const std::string& target, const std::string& metric, size_t seed) const;
  // A score that every seed has, with its mean over every resample of seeds.
  struct Resampled {
    const TimedScore* score;
    std::vector<double> means;  // empty where there are no resamples
  };
  Resampled resampled(const TimedScore& score) const;
  // Whether a and b cannot be told apart by resampling.
  bool is_level(const Resampled& a, const Resampled& b) const;
  Lead lead_of(const Resampled& best, const Resampled& second, bool higher) const;

  const Grid& grid_;
  std::vector<Entrant> entrants_;
  double draws_;
  std::map<std::pair<std::string, std::string>, std::vector<const Run*>>
      runs_;  // by target, sampler; of seeds
  const SamplerChoice* start_ = nullptr;
  std::vector<std::vector<size_t>> resamples_;  // of seeds
};

// Resamples of seeds, where they are few.
inline constexpr size_t kSeedResamples = 4000;

// The times that tables ask about, in seconds.
inline constexpr double kTimes[] = {0.1, 1, 10, 60, 600};

}  // namespace samplerbench::harness::reporting
