#pragma once

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"

// Tests of samples. Every tolerance comes from the sample itself and a stated rate of false alarms.
namespace samplerbench::testing {

// The rate at which a test may fail although nothing is wrong.
inline constexpr double kFalseAlarm = 1e-6;

// |z| of a standard normal that is exceeded with probability `false_alarm` in any of `comparisons`
// (Bonferroni).
inline double z_bound(double false_alarm = kFalseAlarm, int64_t comparisons = 1) {
  const boost::math::normal standard;
  return boost::math::quantile(boost::math::complement(standard, false_alarm / (2.0 * comparisons)));
}

// Two-sided p value of a standard normal statistic.
inline double normal_p(double z) { return std::isfinite(z) ? std::erfc(std::abs(z) / std::sqrt(2.0)) : 0.0; }

// |mean - expected| of each column in standard errors of that mean: [n, D], [D] (or a scalar) -> [D].
// A column that is constant gives 0 where it equals `expected` to rounding, else infinity; NaN gives
// infinity.
inline Tensor standardised_errors(const Tensor& values, const Tensor& expected) {
  const Tensor x = values.detach().to(torch::kCPU, torch::kDouble);
  const Tensor mean = x.mean(0);
  const Tensor error = (mean - expected).abs();
  const Tensor spread = x.std(0, true) / std::sqrt(static_cast<double>(x.size(0)));
  const Tensor rounding = 1e-12 * (1 + mean.abs());
  const Tensor z = torch::where(error <= rounding, torch::zeros_like(error), error / spread);
  return torch::nan_to_num(z, std::numeric_limits<double>::infinity());
}

// Whether the mean of `values` [n] or of each column [n, D] agrees with `expected` (a scalar or [D]) by the
// central limit theorem. `comparisons`: how many such tests share the false-alarm rate, the columns not
// counted.
inline bool mean_is(const Tensor& values, const Tensor& expected, double false_alarm = kFalseAlarm,
                    int64_t comparisons = 1) {
  const Tensor z = standardised_errors(values, expected);
  return z.max().item<double>() <= z_bound(false_alarm, comparisons * z.numel());
}

inline bool mean_is(const Tensor& values, double expected, double false_alarm = kFalseAlarm,
                    int64_t comparisons = 1) {
  return mean_is(values, torch::tensor(expected, torch::kDouble), false_alarm, comparisons);
}

// Whether two independent samples have the same mean, column by column: [n], [m] or [n, D], [m, D].
inline bool means_agree(const Tensor& x, const Tensor& y, double false_alarm = kFalseAlarm,
                        int64_t comparisons = 1) {
  const Tensor a = x.detach().to(torch::kDouble);
  const Tensor b = y.detach().to(torch::kDouble);
  const Tensor error = (a.mean(0) - b.mean(0)).abs();
  const Tensor variance = a.var(0, true) / a.size(0) + b.var(0, true) / b.size(0);
  return (error <= z_bound(false_alarm, comparisons * error.numel()) * variance.sqrt()).all().item<bool>();
}

// Pearson's chi-squared test of counts [M] against probabilities [M] that sum to 1. Cells that expect fewer
// than 5 are pooled. Returns the p value.
inline double chi_squared_p(const Tensor& counts, const Tensor& probabilities) {
  const Tensor observed = counts.to(torch::kCPU, torch::kDouble);
  const Tensor expected = probabilities.to(torch::kCPU, torch::kDouble) * observed.sum();
  double statistic = 0, pooled_observed = 0, pooled_expected = 0;
  int64_t cells = 0;
  for (int64_t i = 0; i < observed.numel(); ++i) {
    const double o = observed[i].item<double>(), e = expected[i].item<double>();
    if (e < 5) {
      pooled_observed += o, pooled_expected += e;
    } else {
      statistic += (o - e) * (o - e) / e, ++cells;
    }
  }
  if (pooled_expected == 0 && pooled_observed > 0) return 0;
  if (pooled_expected > 0) {
    const double difference = pooled_observed - pooled_expected;
    statistic += difference * difference / pooled_expected, ++cells;
  }
  if (!std::isfinite(statistic)) return 0;
  if (cells < 2) return 1;
  const boost::math::chi_squared law(static_cast<double>(cells - 1));
  return boost::math::cdf(boost::math::complement(law, statistic));
}

// P(sup |F_n - F| > d) for effective sample size n: Kolmogorov's series with Stephens' correction.
inline double kolmogorov_p(double d, double n) {
  const double root = std::sqrt(n);
  const double t = (root + 0.12 + 0.11 / root) * d;
  if (t < 0.3) return 1;
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 ? 2 : -2) * std::exp(-2.0 * k * k * t * t);
  return std::clamp(sum, 0.0, 1.0);
}

// Kolmogorov-Smirnov p value of `values` [n] against a continuous distribution function.
inline double kolmogorov_smirnov_p(const Tensor& values, const std::function<double(double)>& cdf) {
  const Tensor sorted = std::get<0>(values.detach().to(torch::kCPU, torch::kDouble).contiguous().sort());
  const auto x = sorted.accessor<double, 1>();
  const auto n = static_cast<double>(x.size(0));
  double distance = 0;
  for (int64_t i = 0; i < x.size(0); ++i) {
    const double f = cdf(x[i]);
    if (!std::isfinite(f)) return 0;
    distance = std::max({distance, (i + 1) / n - f, f - i / n});
  }
  return kolmogorov_p(distance, n);
}

// Two-sample Kolmogorov-Smirnov p value: [n], [m].
inline double kolmogorov_smirnov_two_sample_p(const Tensor& x, const Tensor& y) {
  const Tensor a = std::get<0>(x.detach().to(torch::kCPU, torch::kDouble).contiguous().sort());
  const Tensor b = std::get<0>(y.detach().to(torch::kCPU, torch::kDouble).contiguous().sort());
  if (!a.isfinite().all().item<bool>() || !b.isfinite().all().item<bool>()) return 0;
  const Tensor both = torch::cat({a, b});
  const auto n = static_cast<double>(a.numel()), m = static_cast<double>(b.numel());
  const Tensor gap =
      torch::searchsorted(a, both, false, true) / n - torch::searchsorted(b, both, false, true) / m;
  return kolmogorov_p(gap.abs().max().item<double>(), n * m / (n + m));
}

// Upper tail of a Pearson type III law (shifted gamma) with the first three moments of `null` [B], at
// `value`: gives p values far below 1/B, which permutations alone cannot.
inline double gamma_tail_p(const Tensor& null, double value) {
  if (!std::isfinite(value)) return 0;
  const double mean = null.mean().item<double>();
  const double sd = null.std(true).item<double>();
  const double skewness = ((null - mean) / sd).pow(3).mean().item<double>();
  const double z = (value - mean) / sd;
  if (skewness < 1e-3) return 0.5 * std::erfc(z / std::sqrt(2.0));
  const double shape = 4 / (skewness * skewness);
  const double position = shape + z * std::sqrt(shape);
  if (position <= 0) return 1;
  return boost::math::cdf(boost::math::complement(boost::math::gamma_distribution<>(shape), position));
}

// Two-sample test by the energy distance 2E|x-y| - E|x-x'| - E|y-y'| under random relabelling: [n, D], [m,
// D], rows independent. The p value is the tail of a gamma law fitted to the relabelled statistics, so that
// it may be far below 1/permutations. Memory and time grow as (n + m)^2: 2,000 points together take about
// half a second.
inline double energy_two_sample_p(const Tensor& x, const Tensor& y, int64_t permutations, Rng& rng) {
  const Tensor both = torch::cat({x.detach().to(torch::kDouble), y.detach().to(torch::kDouble)});
  if (!both.isfinite().all().item<bool>()) return 0;
  const int64_t n = x.size(0), total = both.size(0);
  const Tensor distances = torch::cdist(both, both);
  const Tensor labels = torch::full({permutations + 1, total}, -1.0 / (total - n), both.options());
  labels[0].slice(0, 0, n).fill_(1.0 / n);
  for (int64_t i = 1; i <= permutations; ++i)
    labels[i].index_fill_(0, rng.permutation(total).slice(0, 0, n), 1.0 / n);
  const Tensor statistics = -(labels.mm(distances) * labels).sum(1);
  return gamma_tail_p(statistics.slice(0, 1), statistics[0].item<double>());
}

}  // namespace samplerbench::testing
