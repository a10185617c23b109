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
  double mean = 0;
  double sd = 0;
  std::optional<double> q05;  // 5 % quantile; records from before it was kept have none
  double q95 = 0;             // 95 % quantile
  int64_t replications = 0;
  std::vector<double>
      values;  // of every replication, in increasing order; none in records from before they were kept

  static auto fields() {
    return std::tuple{field("mean", &FloorValue::mean),
                      field_or("sd", &FloorValue::sd),
                      rare_field("q05", &FloorValue::q05),
                      field("q95", &FloorValue::q95),
                      field_or("replications", &FloorValue::replications),
                      rare_field("values", &FloorValue::values)};
  }
};

// The fewest replications from which the quantiles of a noise floor are of use.
inline constexpr int64_t kFewestReplications = 40;

// Replications that a metric gave no finite value for: its floor is of the others alone.
struct Refusals {
  int64_t count = 0;
  std::string reason;  // of the first

  bool operator==(const Refusals&) const = default;
  static auto fields() {
    return std::tuple{field("count", &Refusals::count), field_or("reason", &Refusals::reason)};
  }
};

// The noise floors of a target, by label of the metric.
struct FloorLine {
  std::map<std::string, FloorValue> metrics;  // none of a metric that refused every replication
  std::map<std::string, Refusals> refused;    // of metrics that refused some

  static auto fields() {
    return std::tuple{field("metrics", &FloorLine::metrics), rare_field("refused", &FloorLine::refused)};
  }
};

}  // namespace samplerbench::harness
