#include "harness/report/analysis/profile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>

namespace samplerbench::harness::reporting {
namespace {

constexpr size_t kProfileResamples = 1000;
constexpr size_t kErtResamples = 4000;
constexpr size_t kProfileTimes = 61;
constexpr double kTail = 0.025;  // beyond each end of a band
constexpr double kNever = std::numeric_limits<double>::infinity();

// The median, the upper one of two middles: infinite where half of the values or more are.
double upper_median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<Solving> known_runs(const std::vector<Solving>& runs) {
  std::vector<Solving> known;
  for (const Solving& run : runs)
    if (run.known) known.push_back(run);
  return known;
}

Interval ert_interval(const std::vector<Solving>& runs) {
  std::mt19937_64 random(16);  // its numbers are the same on every machine
  std::vector<double> values(resamples_of(runs.size(), kErtResamples));
  std::vector<Solving> resample(runs.size());
  for (double& value : values) {
    for (Solving& run : resample) run = runs[random() % runs.size()];
    value = expected_running_time(resample);
  }
  return outer_interval(std::move(values), kTail);
}

TimeToQuality summary_of(const SamplerChoice& sampler, std::vector<Solving> by_seed) {
  TimeToQuality time{.sampler = &sampler, .by_seed = std::move(by_seed)};
  const std::vector<Solving> runs = known_runs(time.by_seed);
  std::vector<double> times, budgets;
  for (const Solving& run : runs) {
    time.solved += run.spent.has_value();
    times.push_back(run.spent.value_or(kNever));
    budgets.push_back(run.budget);
  }
  time.runs = std::ssize(runs);
  time.median = upper_median(times);
  time.budget = upper_median(budgets);
  time.expected = expected_running_time(runs);
  time.interval = {time.expected, time.expected};
  if (time.solved > 0) time.interval = ert_interval(runs);
  return time;
}

// The better of two samplers of an entrant: more runs, then the least expected running time, then the larger
// budget, which says more of how long it takes.
bool is_better(const TimeToQuality& a, const TimeToQuality& b) {
  const auto key = [](const TimeToQuality& time) {
    return std::tuple(time.runs == 0, time.expected, -time.solved, -time.budget);
  };
  return key(a) < key(b);
}

// By place in the times, when a run is first solved; the number of times where it never is.
using Solved = std::vector<size_t>;

// The runs of one entrant: [target][sampler][run with a record].
using SolvedRuns = std::vector<std::vector<Solved>>;

// The share of the runs of a target that the best sampler of the entrant solved by each time, times their
// number. `chosen` are the places of runs.
void add_solved(const std::vector<Solved>& samplers, const std::vector<size_t>& chosen,
                std::vector<double>& counts) {
  std::vector<double> most(counts.size(), 0.0);
  for (const Solved& runs : samplers) {
    if (runs.empty()) continue;
    std::vector<double> steps(counts.size() + 1, 0.0);
    for (const size_t run : chosen) steps[runs[run % runs.size()]] += 1;
    double sum = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      sum += steps[i];
      most[i] = std::max(most[i], sum);
    }
  }
  for (size_t i = 0; i < counts.size(); ++i) counts[i] += most[i];
}

size_t most_runs(const std::vector<Solved>& samplers) {
  size_t most = 0;
  for (const Solved& runs : samplers) most = std::max(most, runs.size());
  return most;
}

// The share of solved pairs by each time, of these targets with these runs each.
std::vector<double> shares_of(const SolvedRuns& runs, const std::vector<size_t>& targets,
                              const std::vector<std::vector<size_t>>& chosen, size_t times) {
  std::vector<double> counts(times, 0.0);
  double pairs = 0;
  for (size_t i = 0; i < targets.size(); ++i) {
    add_solved(runs[targets[i]], chosen[i], counts);
    pairs += static_cast<double>(chosen[i].size());
  }
  for (double& count : counts) count = pairs > 0 ? count / pairs : 0;
  return counts;
}

// Fills the share of a line and its band.
void fill_shares(ProfileLine& line, const SolvedRuns& runs, size_t times) {
  std::vector<size_t> targets(runs.size());
  std::vector<std::vector<size_t>> chosen(runs.size());
  for (size_t target = 0; target < runs.size(); ++target) {
    targets[target] = target;
    for (size_t run = 0; run < most_runs(runs[target]); ++run) chosen[target].push_back(run);
  }
  line.share = shares_of(runs, targets, chosen, times);
  std::mt19937_64 random(17);  // its numbers are the same on every machine
  std::vector<std::vector<double>> resampled(times);
  size_t most = 0;  // runs of a target
  for (const std::vector<size_t>& one : chosen) most = std::max(most, one.size());
  const size_t resamples = resamples_of(most, kProfileResamples);
  for (size_t i = 0; i < resamples; ++i) {
    for (size_t place = 0; place < runs.size(); ++place) {
      targets[place] = random() % runs.size();
      chosen[place].assign(most_runs(runs[targets[place]]), 0);
      for (size_t& run : chosen[place]) run = random() % chosen[place].size();
    }
    const std::vector<double> shares = shares_of(runs, targets, chosen, times);
    for (size_t time = 0; time < times; ++time) resampled[time].push_back(shares[time]);
  }
  for (std::vector<double>& values : resampled) {
    const Interval band = outer_interval(std::move(values), kTail);
    line.low.push_back(band.low);
    line.high.push_back(band.high);
  }
}

// Where higher is better: so many times as far below the floor's mean as its 5 % quantile, which is no higher
// than the mean but for rounding.
double limit_below(const NoiseFloor& floor) {
  return floor.q05 - (kSolvedFloors - 1) * std::max(0.0, floor.mean - floor.q05);
}

std::vector<double> geometric(double low, double high, size_t count) {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = low * std::pow(high / low, static_cast<double>(i) / static_cast<double>(count - 1));
  values.back() = high;
  return values;
}

}  // namespace

TimeAnswers::TimeAnswers(const Grid& grid) : anytime(grid), goals(anytime), mix(machine_mix(grid.results())) {
  if (!mix.mixed) profile = goals.profile(Clock::cpu);
}

double expected_running_time(const std::vector<Solving>& runs) {
  double sum = 0, solved = 0;
  for (const Solving& run : runs) {
    if (!run.known) continue;
    sum += run.time();
    solved += run.spent ? 1 : 0;
  }
  return solved > 0 ? sum / solved : kNever;
}

Goals::Goals(const Anytime& anytime) : anytime_(anytime) {
  const Grid& grid = anytime.grid();
  for (const Choice& target : grid.experiment().targets) {
    std::vector<Goal>& goals = goals_[target.label];
    for (const std::string& metric : grid.quality_metrics()) {
      const std::optional<NoiseFloor> floor = grid.floor(target.label, metric);
      if (!floor) continue;
      if (floor->higher_is_better)
        goals.push_back({metric, limit_below(*floor), true});
      else if (floor->edge() > 0)
        goals.push_back({metric, kSolvedFloors * floor->edge(), false});
    }
    for (const Goal& goal : goals) metrics_[target.label].push_back(goal.metric);
  }
}

const std::vector<std::string>& Goals::metrics(const std::string& target) const {
  static const std::vector<std::string> none;
  const auto found = metrics_.find(target);
  return found == metrics_.end() ? none : found->second;
}

std::vector<std::string> Goals::missed_at(const std::string& target, const CheckpointLine& checkpoint) const {
  std::vector<std::string> missed;
  bool any = false;
  for (const Goal& goal : goals_.at(target)) {
    const auto outcome = checkpoint.metrics.find(goal.metric);
    if (outcome != checkpoint.metrics.end() && !outcome->second.skipped.empty()) continue;
    any = true;
    const std::optional<double> value =
        outcome == checkpoint.metrics.end() ? std::nullopt : outcome->second.value;
    const bool good = value && (goal.higher ? *value >= goal.limit : *value <= goal.limit);
    if (!good || !std::isfinite(*value)) missed.push_back(goal.metric);
  }
  if (!any) missed.push_back("");
  return missed;
}

std::vector<const CheckpointLine*> Goals::good_checkpoints(const std::string& target, const Run& run) const {
  if (!run.keeps_its_last()) return {};
  std::vector<const CheckpointLine*> good;
  for (const CheckpointLine& checkpoint : run.checkpoints) {
    if (missed_at(target, checkpoint).empty())
      good.push_back(&checkpoint);
    else
      good.clear();
  }
  return good;
}

Solving Goals::solving(const std::string& target, const SamplerChoice& sampler, size_t seed,
                       Clock clock) const {
  const Run* run = anytime_.runs(target, sampler)[seed];
  if (run == nullptr) return {};
  Solving solving{.known = true};
  if (!run->checkpoints.empty())
    solving.budget = anytime_.cost(sampler, run->checkpoints.back(), clock);
  else if (clock != Clock::gradients)
    solving.budget = run->wall_s;  // all that is known
  const std::vector<const CheckpointLine*> good = good_checkpoints(target, *run);
  if (!good.empty()) solving.spent = anytime_.cost(sampler, *good.front(), clock);
  return solving;
}

std::string Goals::held_back(const std::string& target, const SamplerChoice& sampler,
                             const std::vector<Solving>& by_seed) const {
  std::map<std::string, int64_t> counts;
  for (size_t seed = 0; seed < by_seed.size(); ++seed) {
    if (!by_seed[seed].known || by_seed[seed].spent) continue;
    const Run& run = *anytime_.runs(target, sampler)[seed];
    if (run.status != Status::finished || run.checkpoints.empty()) {
      ++counts[word_of(run.status)];
      continue;
    }
    for (const std::string& metric : missed_at(target, run.checkpoints.back())) ++counts[metric];
  }
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

TimeToQuality Goals::time_to_quality(const std::string& target, const Entrant& entrant, Clock clock) const {
  std::optional<TimeToQuality> best;
  for (const size_t place : entrant.samplers) {
    const SamplerChoice& sampler = anytime_.grid().experiment().samplers[place];
    std::vector<Solving> by_seed;
    for (size_t seed = 0; seed < anytime_.grid().experiment().seeds.size(); ++seed)
      by_seed.push_back(solving(target, sampler, seed, clock));
    TimeToQuality own = summary_of(sampler, std::move(by_seed));
    if (!best || is_better(own, *best)) best = std::move(own);
  }
  best->held_back = held_back(target, *best->sampler, best->by_seed);
  return *best;
}

std::vector<double> Goals::profile_times(const std::vector<std::string>& targets, Clock clock) const {
  const Experiment& experiment = anytime_.grid().experiment();
  double low = kNever, high = 0;
  for (const std::string& target : targets) {
    high = std::max(high, anytime_.longest(target, clock));
    for (const SamplerChoice& sampler : experiment.samplers)
      for (size_t seed = 0; seed < experiment.seeds.size(); ++seed)
        if (const auto spent = solving(target, sampler, seed, clock).spent; spent && *spent > 0)
          low = std::min(low, *spent);
  }
  return low < high ? geometric(low, high, kProfileTimes) : std::vector<double>{};
}

// The budget is that of the longest sampler.
std::vector<std::vector<size_t>> Goals::solved_runs(const std::string& target, const Entrant& entrant,
                                                    Clock clock, const std::vector<double>& times,
                                                    double& budget) const {
  std::vector<Solved> samplers;
  for (const size_t place : entrant.samplers) {
    const SamplerChoice& sampler = anytime_.grid().experiment().samplers[place];
    Solved& own = samplers.emplace_back();
    for (size_t seed = 0; seed < anytime_.grid().experiment().seeds.size(); ++seed) {
      const Solving run = solving(target, sampler, seed, clock);
      if (!run.known) continue;
      const auto found = std::lower_bound(times.begin(), times.end(), run.spent.value_or(kNever));
      own.push_back(static_cast<size_t>(found - times.begin()));
      budget = std::max(budget, run.budget);
    }
  }
  return samplers;
}

Profile Goals::profile(Clock clock, std::vector<std::string> targets) const {
  if (targets.empty())
    for (const Choice& target : anytime_.grid().experiment().targets) targets.push_back(target.label);
  std::erase_if(targets, [this](const std::string& target) { return metrics(target).empty(); });
  Profile profile{.times = profile_times(targets, clock), .lines = {}, .targets = targets};
  if (profile.times.empty()) return profile;
  for (size_t place = 0; place < anytime_.entrants().size(); ++place) {
    ProfileLine line{.entrant = place};
    SolvedRuns runs;
    std::vector<double> budgets;
    for (const std::string& target : targets) {
      double budget = 0;
      runs.push_back(solved_runs(target, anytime_.entrants()[place], clock, profile.times, budget));
      line.pairs += static_cast<int64_t>(most_runs(runs.back()));
      if (budget > 0) budgets.push_back(budget);
    }
    if (line.pairs == 0) continue;
    line.budget = budgets.empty() ? 0 : upper_median(budgets);
    fill_shares(line, runs, profile.times.size());
    profile.lines.push_back(std::move(line));
  }
  return profile;
}

DrawsWanted Goals::draws_wanted(const std::string& target, const Entrant& entrant, double draws) const {
  std::optional<DrawsWanted> best;
  for (const size_t place : entrant.samplers) {
    const SamplerChoice& sampler = anytime_.grid().experiment().samplers[place];
    DrawsWanted own{.sampler = &sampler};
    std::vector<double> seconds;
    for (const Run* run : anytime_.runs(target, sampler)) {
      if (run == nullptr) continue;
      double least = kNever;
      for (const CheckpointLine* checkpoint : good_checkpoints(target, *run))
        least = std::min(least, cost_of_draws(*checkpoint, sampler.draws, Clock::cpu, draws));
      own.solved += std::isfinite(least);
      seconds.push_back(least);
    }
    own.runs = std::ssize(seconds);
    own.seconds = upper_median(std::move(seconds));
    const auto key = [](const DrawsWanted& one) {
      return std::tuple(one.runs == 0, one.runs == 0 ? 0.0 : one.seconds, -one.solved);
    };
    if (!best || key(own) < key(*best)) best = own;
  }
  return *best;
}

}  // namespace samplerbench::harness::reporting
