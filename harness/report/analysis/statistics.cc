#include "harness/report/analysis/statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <utility>

namespace samplerbench::harness::reporting {
namespace {

// Samples with replacement of the places 0 .. n - 1.
class Resamples {
 public:
  explicit Resamples(size_t n) : n_(n), count_(resamples_of(n, kBootstrapResamples)), places_(count_ * n) {
    std::mt19937_64 random(1987);  // its numbers are the same on every machine
    for (uint32_t& place : places_) place = static_cast<uint32_t>(random() % n);
    std::vector<uint32_t> row(n);
    for (size_t i = 0; i < count_; ++i) {
      std::copy_n(&places_[i * n], n, row.begin());
      std::sort(row.begin(), row.end());
      ++middles_[{row[(n - 1) / 2], row[n / 2]}];
    }
  }

  // The means of the first `most` resamples of n values, where there are so many.
  std::vector<double> means(const std::vector<double>& values, size_t most) const {
    std::vector<double> all(std::min(most, count_), 0.0);
    for (size_t i = 0; i < all.size(); ++i) {
      const uint32_t* row = &places_[i * n_];
      for (size_t j = 0; j < n_; ++j) all[i] += values[row[j]];
      all[i] /= static_cast<double>(n_);
    }
    return all;
  }

  // The medians of all resamples of n values in increasing order, in increasing order.
  std::vector<double> medians(const std::vector<double>& increasing) const {
    std::vector<std::pair<double, size_t>> counts;
    for (const auto& [middle, count] : middles_)
      counts.emplace_back((increasing[middle.first] + increasing[middle.second]) / 2, count);
    std::sort(counts.begin(), counts.end());
    std::vector<double> all;
    all.reserve(count_);
    for (const auto& [value, count] : counts) all.insert(all.end(), count, value);
    return all;
  }

  // Made once a size and thread.
  static const Resamples& of_size(size_t n) {
    thread_local std::map<size_t, Resamples> made;
    return made.try_emplace(n, n).first->second;
  }

 private:
  size_t n_;
  size_t count_;
  std::vector<uint32_t> places_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> middles_;  // how often two places are the middle ones
};

double statistic_of(const std::vector<double>& values, Statistic statistic) {
  if (statistic == Statistic::median) return median(values);
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The statistic with each value left out in turn, but for a shift and a factor above 0 that are the same for
// all. The values are in increasing order.
std::vector<double> leaving_one_out(const std::vector<double>& increasing, Statistic statistic) {
  std::vector<double> without;
  const size_t n = increasing.size();
  for (size_t i = 0; i < n; ++i) {
    // The value at a place among those that are left.
    const auto left = [&](size_t place) { return increasing[place < i ? place : place + 1]; };
    const double middle = (left((n - 2) / 2) + left((n - 1) / 2)) / 2;
    without.push_back(statistic == Statistic::mean ? -increasing[i] : middle);
  }
  return without;
}

// Efron's a, a sixth of the skewness of the statistic with each value left out in turn.
double acceleration(const std::vector<double>& increasing, Statistic statistic) {
  const std::vector<double> without = leaving_one_out(increasing, statistic);
  const double centre = statistic_of(without, Statistic::mean);
  double squares = 0, cubes = 0;
  for (const double one : without) {
    squares += std::pow(centre - one, 2);
    cubes += std::pow(centre - one, 3);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

// quantile_of() values in any order, which it reorders: quicker than to sort them.
double quantile_among(std::vector<double>& values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), below, values.end());
  const double part = place - std::floor(place);
  return part == 0 ? *below : *below + part * (*std::min_element(below + 1, values.end()) - *below);
}

// Efron's z0: the normal quantile of the share of resamples below the statistic, equal ones counted by half.
double bias_correction(const std::vector<double>& resampled, double own) {
  double count = 0;
  for (const double one : resampled) count += 0.5 * ((one < own) + (one <= own));
  const auto all = static_cast<double>(resampled.size());
  return boost::math::quantile(boost::math::normal(), std::clamp(count, 0.5, all - 0.5) / all);
}

}  // namespace

size_t resamples_of(size_t values, size_t most) {
  constexpr size_t kFewest = 400, kDrawn = 400'000;
  return std::min(most, std::max(kFewest, kDrawn / std::max<size_t>(values, 1)));
}

Estimate estimate(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  if (values.empty()) return {0, std::nan(""), std::nan("")};
  // From the first value, so that equal values have exactly their value for a mean, and no spread.
  double offsets = 0;
  for (const double value : values) offsets += value - values.front();
  const double mean = values.front() + offsets / n;
  if (values.size() == 1) return {1, mean, std::numeric_limits<double>::infinity()};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double quantile = boost::math::quantile(boost::math::students_t(n - 1), 0.975);
  return {static_cast<int64_t>(values.size()), mean, quantile * std::sqrt(squares / (n - 1) / n)};
}

double p_value(const Estimate& estimate) {
  if (estimate.count < 2 || (estimate.half_width == 0 && estimate.mean == 0)) return 1;
  if (estimate.half_width == 0) return 0;
  const boost::math::students_t law(static_cast<double>(estimate.count - 1));
  const double t = estimate.mean / estimate.half_width * boost::math::quantile(law, 0.975);
  return 2 * boost::math::cdf(boost::math::complement(law, std::abs(t)));
}

double sign_test(int64_t less, int64_t more) {
  if (less + more == 0) return 1;
  const boost::math::binomial law(static_cast<double>(less + more), 0.5);
  return std::min(1.0, 2 * boost::math::cdf(law, static_cast<double>(std::min(less, more))));
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double least = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    least = std::max(least, std::min(1.0, static_cast<double>(order.size() - i) * p_values[order[i]]));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

double median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

double quantile_of(std::span<const double> increasing, double share) {
  const double place = share * static_cast<double>(increasing.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, increasing.size() - 1);
  return increasing[below] + (place - static_cast<double>(below)) * (increasing[above] - increasing[below]);
}

Interval outer_interval(std::vector<double> values, double tail) {
  const auto last = static_cast<double>(values.size() - 1);
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(std::floor(tail * last));
  const auto high = values.begin() + static_cast<std::ptrdiff_t>(std::ceil((1 - tail) * last));
  std::nth_element(values.begin(), low, values.end());
  const double lowest = *low;
  std::nth_element(values.begin(), high, values.end());
  return {lowest, *high};
}

Interval interval_of_share(const Counts& counts, double error) {
  using Law = boost::math::binomial;
  const auto n = static_cast<double>(counts.trials), k = static_cast<double>(counts.successes);
  return {Law::find_lower_bound_on_p(n, k, error / 2), Law::find_upper_bound_on_p(n, k, error / 2)};
}

Interval bootstrap_interval(std::vector<double> values, Statistic statistic, size_t resamples) {
  std::sort(values.begin(), values.end());
  if (values.front() == values.back()) return {values.front(), values.front()};
  const Resamples& drawn = Resamples::of_size(values.size());
  const bool of_median = statistic == Statistic::median;
  std::vector<double> resampled =
      of_median ? drawn.medians(values) : drawn.means(values, resamples);
  const double bias = bias_correction(resampled, statistic_of(values, statistic));
  const double curve = acceleration(values, statistic);
  const boost::math::normal standard;
  const auto bound = [&](double share) {
    const double z = bias + boost::math::quantile(standard, share);
    const double place = boost::math::cdf(standard, bias + z / (1 - curve * z));
    return of_median ? quantile_of(resampled, place) : quantile_among(resampled, place);
  };
  return {bound(0.025), bound(0.975)};
}

Interval interval_of_mean(const std::vector<double>& values) {
  const Estimate student = estimate(values);
  return {student.low(), student.high()};
}

Quantiles quantiles_of_means(const std::vector<double>& values, size_t count) {
  constexpr size_t kMeans = 4000;
  std::mt19937_64 random(20);  // its numbers are the same on every machine
  const auto one_of = [&](const std::vector<double>& all) { return all[random() % all.size()]; };
  std::vector<double> law(values.size()), means(kMeans);
  for (double& mean : means) {
    for (double& value : law) value = one_of(values);
    double sum = 0;
    for (size_t i = 0; i < count; ++i) sum += one_of(law);
    mean = sum / static_cast<double>(count);
  }
  const double q05 = quantile_among(means, 0.05);
  return {q05, quantile_among(means, 0.95)};
}

}  // namespace samplerbench::harness::reporting
