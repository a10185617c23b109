#include "harness/report/analysis/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

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

}  // namespace samplerbench::harness::reporting
