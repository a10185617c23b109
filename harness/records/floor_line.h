#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/fields.h"

namespace samplerbench::harness {

// A metric between two independent exact draw sets, over many replications.
struct FloorValue {
  static constexpr double kNormalQuantile = 1.6448536269514722;  // 95 % quantile of N(0, 1)

  double mean = 0;
  double sd = 0;
  std::optional<double> q05;  // 5 % quantile; records from before it was kept have none
  double q95 = 0;             // 95 % quantile
  int64_t replications = 0;
  std::vector<double>
      values;  // of every replication, in increasing order; none in records from before they were kept

  // The 5 % quantile, or that of a normal distribution where the record has none.
  double low() const { return q05.value_or(mean - kNormalQuantile * sd); }

  static auto fields() {
    return std::tuple{field("mean", &FloorValue::mean),
                      field_or("sd", &FloorValue::sd),
                      rare_field("q05", &FloorValue::q05),
                      field("q95", &FloorValue::q95),
                      field_or("replications", &FloorValue::replications),
                      rare_field("values", &FloorValue::values)};
  }
};

// The noise floors of a target.
struct FloorLine {
  std::map<std::string, FloorValue> metrics;  // by label

  static auto fields() { return std::tuple{field("metrics", &FloorLine::metrics)}; }
};

}  // namespace samplerbench::harness
