#include "harness/report/analysis/verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/report/analysis/calibration.h"
#include "harness/report/analysis/slope.h"

namespace samplerbench::harness::reporting {
namespace {

bool is_time_to_quality(const Grid& grid, const Claim& claim) {
  return grid.experiment().settle && is_settling_quantity(claim.metric);
}

// A metric's score as the tables show it, or that of a cost.
Score sampler_score(const Grid& grid, const Claim& claim, const std::string& sampler) {
  if (!claim.slope.empty()) return slope_score(grid, claim, sampler);
  const Experiment& experiment = grid.experiment();
  const std::vector<std::string> metrics = experiment.metric_labels();
  if (std::find(metrics.begin(), metrics.end(), claim.metric) != metrics.end()) {
    const std::vector<Score>& scores = grid.judged(claim.target, claim.metric);
    for (size_t i = 0; i < scores.size(); ++i)
      if (experiment.samplers[i].label == sampler) return scores[i];
  }
  return grid.score(claim.target, sampler, quantity_named(claim.metric));
}

// A number, or the noise floor's edge, the same for every seed; no value where it is not known.
Score constant_score(const Grid& grid, const Claim& claim) {
  Score score;
  std::optional<double> constant = claim.constant();
  if (!constant)
    if (const auto& floor = grid.floor(claim.target, claim.metric)) constant = floor->edge();
  score.by_seed.resize(grid.experiment().seeds.size());
  if (!constant) return score;
  for (auto& value : score.by_seed) value = constant;
  score.estimate = {static_cast<int64_t>(score.by_seed.size()), *constant, 0};
  return score;
}

// Both sides of a claim, timed to one quality.
struct Race {
  Quality quality;
  TimesTo left, right;
};

// A number as the times of a side that needs exactly so much with every seed.
TimesTo constant_times(const Grid& grid, const Claim& claim) {
  TimesTo times;
  times.spent = constant_score(grid, claim);
  for (const auto& value : times.spent.by_seed) {
    times.censored.push_back(false);
    times.after.push_back(value.value_or(0));
  }
  return times;
}

std::optional<Race> race(const Grid& grid, const Claim& claim, const std::string& name) {
  const std::string right = claim.right_sampler();
  std::vector<std::string> samplers{claim.left};
  if (!right.empty()) samplers.push_back(right);
  const std::optional<Quality> quality = common_quality(grid, claim.target, samplers);
  if (!quality) return std::nullopt;
  Race race{*quality, times_to(grid, claim.target, claim.left, *quality, name), {}};
  race.right =
      right.empty() ? constant_times(grid, claim) : times_to(grid, claim.target, right, *quality, name);
  return race;
}

// When a side came to a quality: after `after`, and by `by`, which is infinity where it never did.
struct Arrival {
  double after = 0, by = 0;

  // Whether it came first for certain. Equal numbers have no order.
  bool is_before(const Arrival& other) const { return by <= other.after && by < other.by; }
};

// `factor` times that of a seed that has a value.
Arrival arrival(const TimesTo& times, size_t seed, double factor) {
  const double by =
      times.censored[seed] ? std::numeric_limits<double>::infinity() : *times.spent.by_seed[seed];
  return {factor * times.after[seed], factor * by};
}

PairedOrder order_of(const Race& race, double factor) {
  PairedOrder order{.quality = race.quality};
  for (size_t seed = 0; seed < race.left.censored.size(); ++seed) {
    if (!race.left.spent.by_seed[seed] || !race.right.spent.by_seed[seed]) continue;
    order.left_censored += race.left.censored[seed];
    order.right_censored += race.right.censored[seed];
    const Arrival left = arrival(race.left, seed, 1), right = arrival(race.right, seed, factor);
    const bool first = left.is_before(right), second = right.is_before(left);
    order.left_first += first;
    order.right_first += second;
    order.without += !first && !second;
  }
  return order;
}

// By the sign test, one-sided.
Finding finding_of(const PairedOrder& order, Direction direction) {
  if (order.p() > 2 * kOrderError) return Finding::undecided;
  const bool left = order.left_first > order.right_first;
  return left == (direction == Direction::lower) ? Finding::reproduced : Finding::not_reproduced;
}

Finding finding_of(const Interval& interval, Direction direction) {
  const bool lower = direction == Direction::lower;
  if (lower ? interval.high < 0 : interval.low > 0) return Finding::reproduced;
  if (lower ? interval.low >= 0 : interval.high <= 0) return Finding::not_reproduced;
  return Finding::undecided;
}

// The interval of one side, which its value is outside of with a chance of at most `error`: of counted trials
// that of their share, else the mean alone.
Interval interval_of_side(const Score& side, double error) {
  if (side.counts) return interval_of_share(*side.counts, error);
  return {side.estimate.mean, side.estimate.mean};
}

// That of left - factor * right.
Interval interval_by_counts(const Score& left, const Score& right, double factor, double error) {
  const double each = left.counts && right.counts ? error / 2 : error;
  const Interval own = interval_of_side(left, each), other = interval_of_side(right, each);
  return {own.low - factor * other.high, own.high - factor * other.low};
}

// The smallest error at which that interval leaves out 0, to a thousandth of it; kLeastError if it is
// smaller.
double p_by_counts(const Score& left, const Score& right, double factor) {
  constexpr double kLeastError = 1e-12;
  const auto leaves_out = [&](double error) {
    return !interval_by_counts(left, right, factor, error).holds(0);
  };
  if (!leaves_out(1)) return 1;
  double low = kLeastError, high = 1;
  if (leaves_out(low)) return low;
  while (high > 1.001 * low) {
    const double middle = std::sqrt(low * high);
    (leaves_out(middle) ? high : low) = middle;
  }
  return high;
}

void judge_by_counts(Verdict& verdict, double factor) {
  constexpr double kError = 0.05;
  if (verdict.difference.half_width != 0 || !(verdict.left.counts || verdict.right.counts)) return;
  verdict.interval = interval_by_counts(verdict.left, verdict.right, factor, kError);
  verdict.p_of_counts = p_by_counts(verdict.left, verdict.right, factor);
}

// A cost or a time to quality in seconds, or a metric that is timed.
bool is_of_seconds(const Grid& grid, const std::string& metric) {
  return metric.ends_with("wall_s") || metric.ends_with("cpu_s") ||
         grid.experiment().timed_metrics.contains(metric);
}

}  // namespace

double Verdict::p() const {
  if (!complete()) return 1;
  return order ? order->p() : p_of_counts.value_or(p_value(difference));
}

std::optional<PairedOrder> order_by(const Grid& grid, const Claim& claim, const std::string& part) {
  if (!is_time_to_quality(grid, claim)) return std::nullopt;
  const std::string kind = claim.metric.substr(0, claim.metric.find('.') + 1);
  const std::optional<Race> times = race(grid, claim, kind + part);
  return times ? std::optional(order_of(*times, claim.factor)) : std::nullopt;
}

Verdict judge(const Grid& grid, const Claim& claim) {
  Verdict verdict;
  if (is_time_to_quality(grid, claim)) {
    if (const std::optional<Race> times = race(grid, claim, claim.metric)) {
      verdict.left = times->left.spent;
      verdict.right = times->right.spent;
      verdict.order = order_of(*times, claim.factor);
    }
  } else {
    verdict.left = sampler_score(grid, claim, claim.left);
    verdict.right = claim.right_sampler().empty() ? constant_score(grid, claim)
                                                  : sampler_score(grid, claim, claim.right_sampler());
  }
  const std::vector<double> differences = paired_differences(verdict.left, verdict.right, claim.factor);
  verdict.difference = estimate(differences);
  verdict.interval = interval_of_mean(differences);
  judge_by_counts(verdict, claim.factor);
  verdict.timed_apart = is_of_seconds(grid, claim.metric) && machine_mix(grid.results()).mixed;
  if (!verdict.complete() || verdict.timed_apart) return verdict;
  verdict.finding = verdict.order ? finding_of(*verdict.order, claim.direction)
                                  : finding_of(verdict.interval, claim.direction);
  return verdict;
}

}  // namespace samplerbench::harness::reporting
