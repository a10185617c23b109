#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/anytime.h"
#include "harness/report/analysis/calibration.h"

namespace samplerbench::harness::reporting {

// A target is solved within this multiple of the noise floor's edge.
inline constexpr double kSolvedFloors = 2;

// What one run took until it is good by all goal metrics and stays so to its end.
struct Solving {
  bool known = false;           // there is a record
  std::optional<double> spent;  // by the clock, its draws included; none: never
  double budget = 0;            // what it had spent at its end; all of it where it never is

  double time() const { return spent.value_or(budget); }  // that counts for the expected running time
};

// The time to quality of an entrant on one target.
struct TimeToQuality {
  const SamplerChoice* sampler = nullptr;  // of the entrant's the one with the least expected running time
  std::vector<Solving> by_seed;            // parallel to Experiment::seeds
  int64_t solved = 0, runs = 0;            // runs: those with a record
  double median = 0;      // over runs; infinite where half of them or more are not solved, NaN without runs
  double budget = 0;      // the median run's at its end
  double expected = 0;    // sum of the times of all runs / solved ones (COCO); infinite where none is
  Interval interval;      // of the latter: 95 %, by resampling seeds; its ends may be infinite
  std::string held_back;  // the goal metric that most unsolved runs miss at their ends; empty where all are
};

// The expected running time of runs: sum of time() over those that are known, divided by how many are solved.
double expected_running_time(const std::vector<Solving>& runs);

// The share of (target, seed) pairs that each entrant solves within t (runtime distribution, Hansen et al.
// 2021; performance profile, Dolan and More 2002).
struct ProfileLine {
  size_t entrant = 0;                    // place in Anytime::entrants()
  std::vector<double> share, low, high;  // parallel to Profile::times; the band of 95 % is by resampling
                                         // targets and seeds
  int64_t pairs = 0;                     // with a record
  double budget = 0;                     // the median over targets of what its longest run spent
};

struct Profile {
  std::vector<double> times;  // increasing by a constant factor, from where the first run is solved to the
                              // end of the longest run; empty where none is solved
  std::vector<ProfileLine> lines;    // the entrants that have a record, in their order
  std::vector<std::string> targets;  // that have a goal metric
};

// The cost of N draws that are good by all goal metrics.
struct DrawsWanted {
  const SamplerChoice* sampler = nullptr;  // the entrant's cheapest for so many; null where none is
  double seconds = 0;  // median over runs; infinite where half of them or more never are good
  int64_t solved = 0, runs = 0;
};

// All runs of an experiment against the goal of their targets. Refers to `anytime`.
class Goals {
 public:
  explicit Goals(const Anytime& anytime);

  // The metrics that a run must be good by on a target: those of quality with a noise floor there whose edge
  // can be multiplied. Lower is better: at most 2 edge, where the edge is above 0. Higher is better: no
  // further below the floor's mean than 2 (mean - edge). A metric that skips a run asks nothing of it.
  const std::vector<std::string>& metrics(const std::string& target) const;

  Solving solving(const std::string& target, const SamplerChoice& sampler, size_t seed, Clock clock) const;

  TimeToQuality time_to_quality(const std::string& target, const Entrant& entrant, Clock clock) const;

  // Over these targets; all that have a goal where the list is empty.
  Profile profile(Clock clock, std::vector<std::string> targets = {}) const;

  // CPU seconds for `draws` draws: the least over the checkpoints from which on a run stays good.
  DrawsWanted draws_wanted(const std::string& target, const Entrant& entrant, double draws) const;

 private:
  struct Goal {
    std::string metric;
    double limit = 0;
    bool higher = false;
  };

  // The goal metrics that a checkpoint misses; one without a name where no goal metric judges it.
  std::vector<std::string> missed_at(const std::string& target, const CheckpointLine& checkpoint) const;
  // The checkpoints of a run from the first one on from which it stays good; none of a run that broke off.
  std::vector<const CheckpointLine*> good_checkpoints(const std::string& target, const Run& run) const;
  std::string held_back(const std::string& target, const SamplerChoice& sampler,
                        const std::vector<Solving>& by_seed) const;
  // By sampler and run: the place in `times` from which on it is solved; `budget` becomes what the longest
  // spent.
  std::vector<std::vector<size_t>> solved_runs(const std::string& target, const Entrant& entrant, Clock clock,
                                               const std::vector<double>& times, double& budget) const;
  std::vector<double> profile_times(const std::vector<std::string>& targets, Clock clock) const;

  const Anytime& anytime_;
  std::map<std::string, std::vector<Goal>> goals_;           // by target
  std::map<std::string, std::vector<std::string>> metrics_;  // by target
};

// The answers over time of a report, made once. Refers to `grid`.
struct TimeAnswers {
  explicit TimeAnswers(const Grid& grid);
  TimeAnswers(const TimeAnswers&) = delete;
  TimeAnswers& operator=(const TimeAnswers&) = delete;

  Anytime anytime;
  Goals goals;
  MachineMix mix;   // where it is mixed, seconds do not compare, and the profile is empty
  Profile profile;  // over CPU seconds
};

}  // namespace samplerbench::harness::reporting
