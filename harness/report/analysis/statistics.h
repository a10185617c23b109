#pragma once

#include <cstdint>
#include <span>

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

}  // namespace samplerbench::harness::reporting
