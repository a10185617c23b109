#include "harness/report/analysis/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace samplerbench::harness::reporting {

Estimate estimate(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  if (values.empty()) return {0, std::nan(""), std::nan("")};
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() == 1) return {1, mean, std::numeric_limits<double>::infinity()};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double quantile = boost::math::quantile(boost::math::students_t(n - 1), 0.975);
  return {static_cast<int64_t>(values.size()), mean, quantile * std::sqrt(squares / (n - 1) / n)};
}

double p_value(const Estimate& estimate) {
  if (estimate.count < 2) return 1;
  if (estimate.half_width == 0) return 0;
  const boost::math::students_t law(static_cast<double>(estimate.count - 1));
  const double t = estimate.mean / estimate.half_width * boost::math::quantile(law, 0.975);
  return 2 * boost::math::cdf(boost::math::complement(law, std::abs(t)));
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

Quantiles quantiles_of_means(const std::vector<double>& values, size_t count) {
  constexpr size_t kResamples = 4000;
  const double n = static_cast<double>(count), replications = static_cast<double>(values.size());
  const double centre = std::accumulate(values.begin(), values.end(), 0.0) / replications;
  std::mt19937_64 random(20);  // its numbers are the same on every machine
  std::vector<double> means(kResamples, 0.0);
  for (double& mean : means)
    for (size_t i = 0; i < count; ++i) mean += values[random() % values.size()] / n;
  std::sort(means.begin(), means.end());
  const double stretch = std::sqrt((1 + n / replications) * replications / (replications - 1));
  return {centre + stretch * (means[kResamples / 20 - 1] - centre),
          centre + stretch * (means[kResamples - kResamples / 20 - 1] - centre)};
}

}  // namespace samplerbench::harness::reporting
