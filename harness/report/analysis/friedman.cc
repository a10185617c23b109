#include "harness/report/analysis/friedman.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

namespace samplerbench::harness::reporting {
namespace {

constexpr double kLevel = 0.05;

// sum of t^3 - t over groups of t equal ranks.
double ties(const std::vector<double>& ranks) {
  std::map<double, int> counts;
  for (const double rank : ranks) ++counts[rank];
  double sum = 0;
  for (const auto& [rank, count] : counts) sum += std::pow(count, 3) - count;
  return sum;
}

// By Iman and Davenport's F = (n - 1) X / (n (k - 1) - X), whose law is nearer than the chi-squared for few
// data sets. Where all data sets agree, p is the chance of that, (1 / k!)^(n - 1), the least that p can be.
double p_value(double statistic, double n, double k) {
  const double least = std::exp(-(n - 1) * std::lgamma(k + 1));
  const double rest = n * (k - 1) - statistic;
  if (rest <= 1e-9 * n * k) return least;
  const boost::math::fisher_f law(k - 1, (k - 1) * (n - 1));
  return std::max(least,
                  boost::math::cdf(boost::math::complement(law, std::max(0.0, (n - 1) * statistic / rest))));
}

}  // namespace

double normal_range_cdf(double q, int k) {
  if (q <= 0) return 0;
  const boost::math::normal standard;
  const auto integrand = [&](double z) {
    const double inside = boost::math::cdf(standard, z) - boost::math::cdf(standard, z - q);
    return k * boost::math::pdf(standard, z) * std::pow(inside, k - 1);
  };
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(integrand, -9.0, 9.0 + q, 10, 1e-10);
}

double normal_range_quantile(double alpha, int k) {
  std::uintmax_t iterations = 100;
  const auto [low, high] =
      boost::math::tools::toms748_solve([&](double q) { return normal_range_cdf(q, k) - (1 - alpha); }, 1e-3,
                                        50.0, boost::math::tools::eps_tolerance<double>(40), iterations);
  return (low + high) / 2;
}

FriedmanTest friedman_test(const std::vector<std::vector<double>>& ranks) {
  const auto n = static_cast<double>(ranks.size()), k = static_cast<double>(ranks.front().size());
  FriedmanTest test;
  test.mean_ranks.assign(ranks.front().size(), 0);
  double tied = 0;
  for (const auto& row : ranks) {
    for (size_t j = 0; j < row.size(); ++j) test.mean_ranks[j] += row[j] / n;
    tied += ties(row);
  }
  double squares = 0;
  for (const double rank : test.mean_ranks) squares += std::pow(rank - (k + 1) / 2, 2);
  const double spread = 1 - tied / (n * k * (k * k - 1));
  if (spread > 0) {
    test.statistic = 12 * n / (k * (k + 1)) * squares / spread;
    test.p = p_value(test.statistic, n, k);
  }
  test.critical_difference =
      normal_range_quantile(kLevel, static_cast<int>(k)) * std::sqrt(k * (k + 1) / (12 * n));
  return test;
}

}  // namespace samplerbench::harness::reporting
