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

// The two-sided p-value of Student's t test that the mean is 0; 1 where fewer than two values are known, 0
// where all are the same.
double p_value(const Estimate& estimate);

// P-values adjusted by Holm 1979: those at most 0.05 are rejected with a family-wise error of at most 5 %.
std::vector<double> holm(const std::vector<double>& p_values);

struct Quantiles {
  double q05 = 0;
  double q95 = 0;
};

// The 5 % and 95 % quantiles of the mean of `count` values of the law that the values are from, by drawing
// 4,000 times with replacement; the same at every call. Stretched about their mean for its own error, sqrt(1
// + count / size), and for the divisor of their variance. Needs two values.
Quantiles quantiles_of_means(const std::vector<double>& values, size_t count);

}  // namespace samplerbench::harness::reporting
