#include "harness/report/analysis/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "harness/records/work.h"
#include "harness/report/analysis/calibration.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double kMostEffect = 1e6;   // scales: squares of what blew up would overflow
constexpr double kMostFreedom = 1e6;  // degrees of freedom of a variance that is as good as known

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::vector<double> known(const std::vector<std::optional<double>>& values) {
  std::vector<double> result;
  for (const auto& value : values)
    if (value) result.push_back(*value);
  return result;
}

// Of the two sides, the values of seeds that have both.
std::pair<std::vector<double>, std::vector<double>> both(const PairedCell& cell) {
  std::pair<std::vector<double>, std::vector<double>> values;
  for (size_t i = 0; i < cell.base.size(); ++i) {
    if (!cell.base[i] || !cell.next[i]) continue;
    values.first.push_back(*cell.base[i]);
    values.second.push_back(*cell.next[i]);
  }
  return values;
}

// What one unit of an effect is.
double scale_of(const PairedCell& cell) {
  const double mean = mean_of(both(cell).first);
  if (!cell.floor) return std::abs(mean);
  const bool from_zero = !cell.higher_is_better && cell.floor->mean > cell.floor->sd;
  const double best = from_zero ? 0 : cell.floor->mean;
  // The span of the floor; twice its upper part where the record does not tell the 5 % quantile.
  const double low = std::isnan(cell.floor->q05) ? 2 * cell.floor->mean - cell.floor->q95 : cell.floor->q05;
  const double unit = from_zero ? cell.floor->mean : cell.floor->q95 - low;
  return std::max(unit, std::abs(mean - best));
}

// The variance of effects as other cells of the quantity suggest it: `variance` worth `freedom` degrees.
struct Prior {
  double freedom = 0;
  double variance = 0;
};

// Newton's iteration of Smyth 2004, appendix.
double inverse_trigamma(double x) {
  if (x > 1e7) return 1 / std::sqrt(x);
  if (x < 1e-6) return 1 / x;
  double y = 0.5 + 1 / x;
  for (int i = 0; i < 50; ++i) {
    const double value = boost::math::trigamma(y);
    const double change = value * (1 - value / x) / boost::math::polygamma(2, y);
    y += change;
    if (-change / y < 1e-8) break;
  }
  return y;
}

// A comparison with what it is made of.
struct Test {
  Compared row;
  std::vector<double> effects;
  double mean = 0;
  double variance = 0;

  double freedom() const { return static_cast<double>(effects.size()) - 1; }
};

// Nothing where the variances are too few, or half of them are 0.
Prior prior_of(const std::vector<Test*>& tests) {
  std::vector<double> logarithms, excess;
  for (const Test* test : tests) {
    if (test->variance <= 0) continue;
    const double half = test->freedom() / 2;
    logarithms.push_back(std::log(test->variance) - boost::math::digamma(half) + std::log(half));
    excess.push_back(boost::math::trigamma(half));
  }
  if (logarithms.size() < 3 || 2 * logarithms.size() <= tests.size()) return {};
  const double centre = mean_of(logarithms);
  double spread = 0;
  for (const double one : logarithms) spread += (one - centre) * (one - centre);
  spread = spread / (static_cast<double>(logarithms.size()) - 1) - mean_of(excess);
  if (spread <= 0) return {kMostFreedom, std::exp(centre)};
  const double freedom = std::min(kMostFreedom, 2 * inverse_trigamma(spread));
  return {freedom, std::exp(centre + boost::math::digamma(freedom / 2) - std::log(freedom / 2))};
}

// One-sided p-value of a mean that is above `threshold`.
double p_above(double mean, double threshold, double error, const boost::math::students_t& law) {
  if (error <= 0) return mean > threshold ? 0 : 1;
  return boost::math::cdf(boost::math::complement(law, (mean - threshold) / error));
}

void test_one(Test& test, const Prior& prior, double threshold) {
  const bool is_time = test.row.quantity == kCpuSeconds;
  const double freedom = test.freedom() + prior.freedom;
  const double variance = (prior.freedom * prior.variance + test.freedom() * test.variance) / freedom;
  const double error = std::sqrt(variance / static_cast<double>(test.effects.size()));
  const boost::math::students_t law(freedom);
  const double reach = error * boost::math::quantile(law, 0.975);
  const auto share = [&](double effect) { return is_time ? std::expm1(effect) : effect; };
  const double limit = is_time ? std::log1p(threshold) : threshold;
  test.row.effect = share(test.mean);
  test.row.low = share(test.mean - reach);
  test.row.high = share(test.mean + reach);
  test.row.p_worse = p_above(test.mean, limit, error, law);
  test.row.p_better = p_above(-test.mean, limit, error, law);
}

Test test_of(Compared row, std::vector<double> effects) {
  Test test{.row = std::move(row), .effects = std::move(effects)};
  test.row.pairs = std::ssize(test.effects);
  test.mean = mean_of(test.effects);
  for (const double effect : test.effects)
    test.variance += (effect - test.mean) * (effect - test.mean) / test.freedom();
  return test;
}

using Effects = std::vector<std::optional<double>>;

// The mean over cells of each seed that has an effect in all of them.
std::vector<double> pooled(const std::vector<const Effects*>& cells) {
  std::vector<double> means;
  for (size_t seed = 0; seed < cells.front()->size(); ++seed) {
    std::vector<double> values;
    for (const Effects* cell : cells)
      if ((*cell)[seed]) values.push_back(*(*cell)[seed]);
    if (values.size() == cells.size()) means.push_back(mean_of(values));
  }
  return means;
}

// Sets the p-values of tests whose variances lean on each other.
void test_group(const std::vector<Test*>& tests, double threshold) {
  const Prior prior = prior_of(tests);
  for (Test* test : tests) test_one(*test, prior, threshold);
}

// The tests of one quantity: cells, samplers over targets, all.
std::vector<Test> tests_of(const std::vector<PairedCell>& cells, const std::string& quantity,
                           double threshold) {
  std::vector<Test> own, means, whole;
  std::vector<Effects> effects;
  std::map<std::string, std::vector<size_t>> by_sampler;
  std::vector<std::string> samplers;
  for (const PairedCell& cell : cells) {
    if (cell.quantity != quantity || cell.pairs() < 2) continue;
    const auto [base, next] = both(cell);
    if (!by_sampler.contains(cell.sampler)) samplers.push_back(cell.sampler);
    by_sampler[cell.sampler].push_back(effects.size());
    effects.push_back(cell.effects());
    own.push_back(test_of({.target = cell.target,
                           .sampler = cell.sampler,
                           .quantity = quantity,
                           .base = mean_of(base),
                           .next = mean_of(next)},
                          known(effects.back())));
  }
  const double none = std::nan("");
  const auto add_mean = [&](std::vector<Test>& tests, const std::string& sampler,
                            const std::vector<const Effects*>& of) {
    std::vector<double> values = of.size() > 1 ? pooled(of) : std::vector<double>();
    if (values.size() < 2) return;
    tests.push_back(
        test_of({.sampler = sampler, .quantity = quantity, .base = none, .next = none}, std::move(values)));
  };
  std::vector<const Effects*> all;
  for (const Effects& one : effects) all.push_back(&one);
  for (const std::string& sampler : samplers) {
    std::vector<const Effects*> of;
    for (const size_t i : by_sampler[sampler]) of.push_back(&effects[i]);
    add_mean(means, sampler, of);
  }
  if (samplers.size() > 1) add_mean(whole, "", all);
  std::vector<Test> tests;
  for (std::vector<Test>* level : {&whole, &means, &own}) {
    std::vector<Test*> group;
    for (Test& test : *level) group.push_back(&test);
    test_group(group, threshold);
    tests.insert(tests.end(), level->begin(), level->end());
  }
  return tests;
}

void adjust(std::vector<Compared>& rows, double alpha) {
  std::vector<double> worse, better;
  for (const Compared& row : rows) {
    worse.push_back(row.p_worse);
    better.push_back(row.p_better);
  }
  worse = holm(worse);
  better = holm(better);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].p_worse = worse[i];
    rows[i].p_better = better[i];
    if (better[i] <= alpha) rows[i].change = Change::improvement;
    if (worse[i] <= alpha) rows[i].change = Change::regression;
  }
}

// Whether two samplers of one label are not the same work.
bool differ(const SamplerChoice& one, const SamplerChoice& other) {
  return key_text(static_cast<const Choice&>(one)) != key_text(static_cast<const Choice&>(other)) ||
         json_of(one.budget) != json_of(other.budget) || one.minibatch != other.minibatch ||
         one.control_variates != other.control_variates || one.second_order != other.second_order ||
         one.coordinates != other.coordinates || one.map_files != other.map_files;
}

// Pairs two grids cell by cell.
class Pairing {
 public:
  Pairing(const Grid& base, const Grid& next) : base_(base), next_(next) {
    const auto& theirs = next.experiment().seeds;
    for (size_t i = 0; i < base.experiment().seeds.size(); ++i) {
      const auto found = std::find(theirs.begin(), theirs.end(), base.experiment().seeds[i]);
      if (found != theirs.end()) seeds_.emplace_back(i, static_cast<size_t>(found - theirs.begin()));
    }
  }

  PairedGrids pair() {
    warn_of_settings();
    const bool timed = compares_seconds();
    for (const Choice& target : base_.experiment().targets) {
      for (const SamplerChoice& sampler : base_.experiment().samplers) {
        if (!has_pairs(target.label, sampler.label)) continue;
        if (timed) add_time(target.label, sampler.label);
        for (const std::string& metric : base_.quality_metrics())
          add_metric(target.label, sampler.label, metric);
      }
    }
    return std::move(result_);
  }

 private:
  static std::string place(const std::string& target, const std::string& sampler) {
    return target + " / " + sampler;
  }

  // Says so and returns false where NEW has no record of seeds that BASE has.
  bool has_pairs(const std::string& target, const std::string& sampler) {
    int64_t pairs = 0, runs = 0;
    for (size_t i = 0; i < base_.experiment().seeds.size(); ++i)
      runs += base_.run(target, sampler, i) != nullptr;
    for (const auto& [own, theirs] : seeds_)
      pairs += base_.run(target, sampler, own) != nullptr && next_.run(target, sampler, theirs) != nullptr;
    if (runs > 0 && pairs < runs)
      result_.missing.push_back(
          fmt::format("{}: NEW has {} of the {} runs of BASE", place(target, sampler), pairs, runs));
    return pairs > 0;
  }

  void add_time(const std::string& target, const std::string& sampler) {
    const Quantity seconds = [](const Run& run) -> std::optional<double> {
      const CheckpointLine& last = run.checkpoints.back();
      const double spent = last.train.cpu_s + last.draw.cpu_s;
      if (spent <= 0) return std::nullopt;
      return spent / std::max(1.0, static_cast<double>(last.train.steps));
    };
    add({.target = target, .sampler = sampler, .quantity = kCpuSeconds, .base = {}, .next = {}, .floor = {}},
        base_.score(target, sampler, seconds), next_.score(target, sampler, seconds));
  }

  void add_metric(const std::string& target, const std::string& sampler, const std::string& metric) {
    const Quantity value = quantity_named(metric);
    const auto& own = base_.floor(target, metric);
    add({.target = target,
         .sampler = sampler,
         .quantity = metric,
         .base = {},
         .next = {},
         .floor = own ? own : next_.floor(target, metric),
         .higher_is_better = base_.better(metric) == "higher"},
        base_.score(target, sampler, value), next_.score(target, sampler, value));
  }

  void add(PairedCell cell, const Score& own, const Score& theirs) {
    int64_t only_base = 0, values = 0;
    for (const auto& [mine, other] : seeds_) {
      const bool has_run = next_.run(cell.target, cell.sampler, other) != nullptr;
      cell.base.push_back(own.by_seed[mine]);
      cell.next.push_back(theirs.by_seed[other]);
      values += own.by_seed[mine].has_value();
      only_base += own.by_seed[mine] && !theirs.by_seed[other] && has_run;
    }
    if (values == 0) return;
    const std::string name = place(cell.target, cell.sampler) + " / " + cell.quantity;
    const int64_t pairs = cell.pairs();
    if (only_base > 0)
      (pairs == 0 ? result_.lost : result_.failed)
          .push_back(fmt::format("{}: {} of {} runs with a value in BASE have none in NEW ({})", name,
                                 only_base, values, failure_words(theirs)));
    if (pairs >= 2)
      result_.cells.push_back(std::move(cell));
    else if (pairs == 1 || only_base == 0)
      result_.missing.push_back(name + ": fewer than two pairs of runs have a value");
  }

  void warn_of_settings() {
    for (const SamplerChoice& sampler : base_.experiment().samplers)
      for (const SamplerChoice& other : next_.experiment().samplers)
        if (sampler.label == other.label && differ(sampler, other))
          result_.warnings.push_back(fmt::format(
              "the sampler {} has other settings, another budget or another revision in NEW", sampler.label));
    for (const Choice& target : base_.experiment().targets)
      for (const Choice& other : next_.experiment().targets)
        if (target.label == other.label && key_text(target) != key_text(other))
          result_.warnings.push_back(
              fmt::format("the target {} has other settings, data or another revision in NEW", target.label));
  }

  bool compares_seconds() {
    Results together;
    std::set<int> threads;
    for (const Grid* grid : {&base_, &next_}) {
      for (const Run& run : grid->results().runs) {
        together.runs.push_back({.context = run.context});
        threads.insert(run.threads);
      }
    }
    const MachineMix mix = machine_mix(together);
    if (mix.mixed) result_.warnings.push_back("CPU seconds are not compared: " + mix.words);
    if (threads.size() > 1)
      result_.warnings.emplace_back("CPU seconds are not compared: runs differ in their number of threads");
    return !mix.mixed && threads.size() <= 1;
  }

  const Grid& base_;
  const Grid& next_;
  std::vector<std::pair<size_t, size_t>> seeds_;  // places of one seed in both experiments
  PairedGrids result_;
};

}  // namespace

int64_t PairedCell::pairs() const { return std::ssize(both(*this).first); }

std::vector<std::optional<double>> PairedCell::effects() const {
  std::vector<std::optional<double>> effects(base.size());
  const double scale = is_time() || pairs() == 0 ? 1 : scale_of(*this);
  for (size_t i = 0; i < base.size(); ++i) {
    if (!base[i] || !next[i]) continue;
    const double difference = higher_is_better ? *base[i] - *next[i] : *next[i] - *base[i];
    if (is_time())
      effects[i] = std::log(*next[i] / *base[i]);
    else  // without a scale any difference is a whole one
      effects[i] = scale > 0 ? std::clamp(difference / scale, -kMostEffect, kMostEffect)
                             : (difference > 0) - (difference < 0);
  }
  return effects;
}

std::string Compared::name() const {
  return fmt::format("{} / {} / {}", target.empty() ? "all targets" : target,
                     sampler.empty() ? "all samplers" : sampler, quantity);
}

std::vector<Compared> compare(const std::vector<PairedCell>& cells, const ComparisonLimits& limits) {
  std::vector<std::string> quantities;
  for (const PairedCell& cell : cells)
    if (std::find(quantities.begin(), quantities.end(), cell.quantity) == quantities.end())
      quantities.push_back(cell.quantity);
  std::vector<Compared> rows;
  for (const std::string& quantity : quantities)
    for (Test& test : tests_of(cells, quantity, limits.threshold)) rows.push_back(std::move(test.row));
  adjust(rows, limits.alpha);
  return rows;
}

PairedGrids pair_grids(const Grid& base, const Grid& next) {
  if (base.experiment().draws != next.experiment().draws)
    throw InputError(fmt::format("BASE judges {} draws and NEW {}: their metrics do not compare",
                                 base.experiment().draws, next.experiment().draws));
  return Pairing(base, next).pair();
}

}  // namespace samplerbench::harness::reporting
