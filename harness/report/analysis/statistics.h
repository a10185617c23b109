#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace samplerbench::harness::reporting {

// A mean with its two-sided 95 % Student t interval. Of one value the interval is infinite, of none all is
// NaN.
struct Estimate {
  int64_t count = 0;
  double mean = 0;
  double half_width = 0;

  double low() const { return mean - half_width; }
  double high() const { return mean + half_width; }
};

Estimate estimate(std::span<const double> values);

// The two-sided p-value of Student's t test that the mean is 0; 1 where fewer than two values are known or
// all are 0, 0 where all are the same otherwise.
double p_value(const Estimate& estimate);

// P-values adjusted by Holm 1979: those at most 0.05 are rejected with a family-wise error of at most 5 %.
std::vector<double> holm(const std::vector<double>& p_values);

// The two-sided p-value of the exact sign test: that of `less` pairs one way and `more` the other when either
// way has chance 1/2. 1 of no pair.
double sign_test(int64_t less, int64_t more);

enum class Statistic { mean, median };

// NaN of none.
double median(std::vector<double> values);

// The quantile of values in increasing order, at least one, interpolated between neighbours (R's type 7).
double quantile_of(std::span<const double> increasing, double share);

struct Interval {
  double low = 0;
  double high = 0;

  bool holds(double value) const { return low <= value && value <= high; }
};

// The interval that leaves the share `tail` of the values, at least one, beyond each end, rounded outwards.
// They may be infinite.
Interval outer_interval(std::vector<double> values, double tail);

// What came out of independent trials of one probability.
struct Counts {
  int64_t successes = 0;
  int64_t trials = 0;  // at least 1
};

// The interval of Clopper and Pearson 1934 (Biometrika 26), exact: it misses the probability with a chance of
// at most `error`, half of it on either side.
Interval interval_of_share(const Counts& counts, double error = 0.05);

inline constexpr size_t kBootstrapResamples = 4000;

// How many resamples of so many values are drawn where `most` are of few: as many as draw 400,000 values in
// all, but 400 at least. Their quantiles then stray by 13 % of a standard error of what is resampled (as
// sqrt(0.025 * 0.975 / 400) over the normal density at 1.96), which itself falls with the number of values.
size_t resamples_of(size_t values, size_t most);

// The two-sided 95 % bootstrap interval BCa (Efron 1987), bias-corrected and accelerated, by resamples with
// replacement that are the same at every call: kBootstrapResamples at most, fewer of more than 100 values, of
// which a mean may do with fewer still. Needs two values; of equal ones it is that value alone.
Interval bootstrap_interval(std::vector<double> values, Statistic statistic,
                            size_t resamples = kBootstrapResamples);

// With fewer values the bootstrap is too coarse.
inline constexpr size_t kFewestBootstrapped = 10;

// The 95 % interval of a mean, on which tables, ties and verdicts rest: Student's t, as their p-values do.
// Of means and paired differences of published runs (seeds-20) it covers more than BCa does with 5 to 40
// values. Infinite of one value, NaN of none.
Interval interval_of_mean(const std::vector<double>& values);

struct Quantiles {
  double q05 = 0;
  double q95 = 0;
};

// The 5 % and 95 % quantiles of the mean of `count` values of the law that the values are from, by drawing
// 4,000 times, the same at every call: each time first as many values as there are, with replacement, for
// the error of the law that they stand for, then `count` of these. No quantile is beyond the values.
Quantiles quantiles_of_means(const std::vector<double>& values, size_t count);

}  // namespace samplerbench::harness::reporting
