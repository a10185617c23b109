#pragma once

#include <cmath>
#include <memory>

#include "core/rng.h"
#include "metrics/metrics.h"
#include "tests/all_targets.h"

namespace samplerbench::metrics {

inline Tensor normals(int64_t n, int64_t dim, uint64_t seed) {
  return Rng(seed).normal({n, dim}, torch::kDouble);
}

// N(0, I): its score is -x.
class StandardNormal : public targets::Target {
 public:
  explicit StandardNormal(int64_t dim) : dim_(dim) {}
  int64_t dim() const override { return dim_; }
  Tensor log_density(const Tensor& x) const override { return -0.5 * x.square().sum(1); }

 private:
  int64_t dim_;
};

// N(0, I) in `dim` coordinates with all that can be known of it: two modes of unequal weight are the
// half-spaces below and above -0.5 in the first coordinate.
inline targets::Problem standard_normal_problem(int64_t dim) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(dim)};
  problem.reference.moments =
      targets::Moments{torch::zeros({dim}, torch::kDouble), torch::ones({dim}, torch::kDouble)};
  problem.reference.exact_draws = [dim](int64_t n, Rng& rng) { return rng.normal({n, dim}, torch::kDouble); };
  const double below = 0.5 * std::erfc(0.5 / std::sqrt(2.0));
  problem.reference.modes =
      targets::Modes{torch::tensor({below, 1 - below}, torch::kDouble),
                     [](const Tensor& x) { return (x.select(1, 0) > -0.5).to(torch::kLong); }};
  return problem;
}

inline const MetricRegistry& all_metrics() {
  static const MetricRegistry registry = [] {
    MetricRegistry all("metric");
    add_metrics(all);
    return all;
  }();
  return registry;
}

inline std::unique_ptr<Metric> make_metric(const std::string& name, const Json& options = Json::object()) {
  const auto& entry = all_metrics().at(name);
  return entry.make({Options(entry.options, options, name)});
}

inline double judge(const std::string& name, const Evidence& evidence, const Json& options = Json::object()) {
  Rng rng(7);
  return make_metric(name, options)->value(evidence, rng);
}

}  // namespace samplerbench::metrics
