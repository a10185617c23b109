#include "harness/report/analysis/anytime.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>
#include <utility>

#include "harness/report/analysis/costs.h"

namespace samplerbench::harness::reporting {
namespace {

using samplers::DrawsAre;

constexpr size_t kFewestResampled = 5;  // seeds; of fewer every second interval would miss

double reading(const Usage& usage, Clock clock) {
  if (clock == Clock::cpu) return usage.cpu_s;
  if (clock == Clock::wall) return usage.wall_s;
  return static_cast<double>(usage.score + usage.hessian_vector);
}

std::optional<double> finite_value(const CheckpointLine& checkpoint, const std::string& metric) {
  const auto outcome = checkpoint.metrics.find(metric);
  if (outcome == checkpoint.metrics.end() || !outcome->second.value) return std::nullopt;
  return std::isfinite(*outcome->second.value) ? outcome->second.value : std::nullopt;
}

std::vector<double> known_values(const std::vector<std::optional<double>>& values) {
  std::vector<double> known;
  for (const std::optional<double>& value : values)
    if (value) known.push_back(*value);
  return known;
}

// The share of resamples beyond each end of an interval, for `count` values: what a normal law has beyond
// sqrt(n / (n - 1)) times Student's 97.5 % quantile, by which percentile intervals of few values are too
// narrow.
double expanded_tail(size_t count) {
  const auto n = static_cast<double>(count);
  const double t = boost::math::quantile(boost::math::students_t(n - 1), 0.975);
  return boost::math::cdf(boost::math::normal(), -std::sqrt(n / (n - 1)) * t);
}

// Of what the resamples of so many seeds make.
Interval seed_interval(std::vector<double> values, size_t seeds) {
  return outer_interval(std::move(values), expanded_tail(seeds));
}

bool all_positive(const TimedScore& score) {
  return std::all_of(score.by_seed.begin(), score.by_seed.end(),
                     [](const std::optional<double>& value) { return value && *value > 0; });
}

bool no_worse_than_exact(const TimedScore& score, const std::optional<NoiseFloor>& floor) {
  return floor && floor->reached_by(score.estimate.mean);
}

}  // namespace

std::string unit_of(Clock clock) {
  if (clock == Clock::cpu) return "CPU s";
  return clock == Clock::wall ? "wall-clock s" : "gradients";
}

double cost_of_draws(const CheckpointLine& checkpoint, std::optional<DrawsAre> kind, Clock clock,
                     double draws) {
  const double train = reading(checkpoint.train, clock), draw = reading(checkpoint.draw, clock);
  const auto had = static_cast<double>(checkpoint.draw.n);
  if (had <= 0 || draws <= 0) return train + draw;
  if (kind == DrawsAre::trained || kind == DrawsAre::guided || kind == DrawsAre::fresh ||
      kind == DrawsAre::start)
    return train + draw * draws / had;
  if (kind == DrawsAre::particles) return (train + draw) * std::ceil(draws / had);
  const double effective = effective_draws(checkpoint).value_or(had);
  return draws <= std::max(had, effective) ? train + draw : (train + draw) * draws / effective;
}

Anytime::Anytime(const Grid& grid, double draws)
    : grid_(grid), entrants_(reporting::entrants(grid.experiment())), draws_(draws) {
  const Experiment& experiment = grid.experiment();
  for (const SamplerChoice& sampler : experiment.samplers) {
    if (sampler.draws == DrawsAre::start) start_ = &sampler;
    for (const Choice& target : experiment.targets) {
      auto& runs = runs_[{target.label, sampler.label}];
      for (size_t seed = 0; seed < experiment.seeds.size(); ++seed)
        runs.push_back(sampler.trained_elsewhere() ? nullptr : grid.run(target.label, sampler.label, seed));
    }
  }
  const size_t seeds = experiment.seeds.size();
  if (seeds < kFewestResampled) return;
  std::mt19937_64 random(15);  // its numbers are the same on every machine
  resamples_.assign(resamples_of(seeds, kSeedResamples), std::vector<size_t>(seeds));
  for (std::vector<size_t>& resample : resamples_)
    for (size_t& seed : resample) seed = random() % seeds;
}

const std::vector<const Run*>& Anytime::runs(const std::string& target, const SamplerChoice& sampler) const {
  return runs_.at({target, sampler.label});
}

double Anytime::cost(const SamplerChoice& sampler, const CheckpointLine& checkpoint, Clock clock) const {
  return cost_of_draws(checkpoint, sampler.draws, clock, draws_);
}

std::optional<double> Anytime::start_value(const std::string& target, const std::string& metric,
                                           size_t seed) const {
  const Run* run = start_ == nullptr ? nullptr : runs(target, *start_)[seed];
  return run != nullptr && run->finished() ? finite_value(run->checkpoints.back(), metric) : std::nullopt;
}

TimedScore Anytime::score_of(const std::string& target, const SamplerChoice& sampler,
                             const std::string& metric, Clock clock, double time) const {
  TimedScore score{.sampler = &sampler};
  const std::vector<const Run*>& all = runs(target, sampler);
  for (size_t seed = 0; seed < all.size(); ++seed) {
    const Run* run = all[seed];
    const CheckpointLine* reached = nullptr;
    if (run != nullptr)
      for (const CheckpointLine& checkpoint : run->checkpoints)
        if (cost(sampler, checkpoint, clock) <= time) reached = &checkpoint;
    std::optional<double> value;
    const bool begins = run != nullptr && (!run->checkpoints.empty() || run->keeps_its_last());
    if (reached != nullptr) {
      const bool ended = reached == &run->checkpoints.back() && cost(sampler, *reached, clock) < time;
      if (!ended || run->keeps_its_last()) value = finite_value(*reached, metric);
      score.ended += ended && value;
    } else if (begins) {
      value = start_value(target, metric, seed);
      score.at_start += value.has_value();
    }
    score.none += !value;
    score.by_seed.push_back(value);
  }
  score.estimate = estimate(known_values(score.by_seed));
  return score;
}

TimedScore Anytime::score(const std::string& target, const Entrant& entrant, const std::string& metric,
                          Clock clock, double time) const {
  const double sign = grid_.better(metric) == "higher" ? -1 : 1;
  const auto key = [sign](const TimedScore& score) {
    const double mean = score.estimate.count > 0 ? sign * score.estimate.mean : 0;
    return std::tuple(score.none, score.at_start, mean);
  };
  std::optional<TimedScore> best;
  for (const size_t place : entrant.samplers) {
    TimedScore own = score_of(target, grid_.experiment().samplers[place], metric, clock, time);
    if (!best || key(own) < key(*best)) best = std::move(own);
  }
  return *best;
}

Anytime::Resampled Anytime::resampled(const TimedScore& score) const {
  const std::vector<double> values = known_values(score.by_seed);
  Resampled own{.score = &score, .means = {}};
  own.means.reserve(resamples_.size());
  for (const std::vector<size_t>& seeds : resamples_) {
    double sum = 0;
    for (const size_t seed : seeds) sum += values[seed];
    own.means.push_back(sum / static_cast<double>(seeds.size()));
  }
  return own;
}

bool Anytime::is_level(const Resampled& a, const Resampled& b) const {
  const size_t seeds = a.score->by_seed.size();
  std::vector<double> differences;
  if (resamples_.empty()) {
    for (size_t seed = 0; seed < seeds; ++seed)
      differences.push_back(*a.score->by_seed[seed] - *b.score->by_seed[seed]);
    const Estimate difference = estimate(differences);
    return difference.low() <= 0 && difference.high() >= 0;
  }
  for (size_t i = 0; i < a.means.size(); ++i) differences.push_back(a.means[i] - b.means[i]);
  return seed_interval(std::move(differences), seeds).holds(0);
}

Lead Anytime::lead_of(const Resampled& best, const Resampled& second, bool higher) const {
  Lead lead{.is_ratio = !higher && all_positive(*best.score) && all_positive(*second.score)};
  const auto ahead = [&](double own, double other) {
    if (lead.is_ratio) return other / own;
    return higher ? own - other : other - own;
  };
  lead.value = ahead(best.score->estimate.mean, second.score->estimate.mean);
  if (resamples_.empty()) return lead;
  std::vector<double> leads;
  for (size_t i = 0; i < best.means.size(); ++i) leads.push_back(ahead(best.means[i], second.means[i]));
  lead.interval = seed_interval(std::move(leads), best.score->by_seed.size());
  return lead;
}

BestAt Anytime::best_at(const std::string& target, const std::string& metric, Clock clock,
                        double time) const {
  BestAt at;
  const bool higher = grid_.better(metric) == "higher";
  std::vector<size_t> ranked;
  for (size_t i = 0; i < entrants_.size(); ++i) {
    at.scores.push_back(score(target, entrants_[i], metric, clock, time));
    if (at.scores.back().ranked() && !entrants_[i].oracle) ranked.push_back(i);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [&](size_t a, size_t b) {
    const double first = at.scores[a].estimate.mean, second = at.scores[b].estimate.mean;
    return higher ? first > second : first < second;
  });
  if (ranked.empty()) return at;
  const std::optional<NoiseFloor> floor = grid_.floor(target, metric);
  const TimedScore& best = at.scores[ranked.front()];
  at.best = ranked.front();
  at.at_floor = no_worse_than_exact(best, floor);
  if (ranked.size() < 2) return at;
  at.second = ranked[1];
  const Resampled leading = resampled(best);
  at.lead = lead_of(leading, resampled(at.scores[ranked[1]]), higher);
  for (size_t i = 1; i < ranked.size(); ++i) {
    const TimedScore& other = at.scores[ranked[i]];
    if ((at.at_floor && no_worse_than_exact(other, floor)) || is_level(resampled(other), leading))
      at.level.push_back(ranked[i]);
  }
  return at;
}

double Anytime::longest(const std::string& target, Clock clock) const {
  double most = 0;
  for (const SamplerChoice& sampler : grid_.experiment().samplers)
    for (const Run* run : runs(target, sampler))
      if (run != nullptr && !run->checkpoints.empty())
        most = std::max(most, cost(sampler, run->checkpoints.back(), clock));
  return most;
}

double Anytime::shortest(const std::string& target, Clock clock) const {
  double least = std::numeric_limits<double>::infinity();
  for (const SamplerChoice& sampler : grid_.experiment().samplers) {
    if (&sampler == start_) continue;
    for (const Run* run : runs(target, sampler))
      if (run != nullptr && !run->checkpoints.empty())
        least = std::min(least, cost(sampler, run->checkpoints.front(), clock));
  }
  return std::isfinite(least) ? least : 0;
}

}  // namespace samplerbench::harness::reporting
