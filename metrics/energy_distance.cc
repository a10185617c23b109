#include "metrics/energy_distance.h"

#include "metrics/pairwise.h"
#include "metrics/requirements.h"
#include "metrics/tile_kernels.h"

namespace samplerbench::metrics {
namespace {

class EnergyDistance : public Metric {
 public:
  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_reference(evidence, 1)) return reason;
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    return root_of_square(squared_energy_distance(evidence.draws, evidence.reference));
  }

  std::string convention() const override {
    return "energy distance to exact draws: square root of 2 E|X - Y| - E|X - X'| - E|Y - Y'| with Euclidean "
           "norms, "
           "V-statistics (all pairs; above 0 for exact draws too), float64";
  }
};

}  // namespace

double squared_energy_distance(const Tensor& x, const Tensor& y) {
  const double n = static_cast<double>(x.size(0)), m = static_cast<double>(y.size(0));
  return 2 * sum_between(x, y, take_roots) / (n * m) - sum_within(x, take_roots) / (n * n) -
         sum_within(y, take_roots) / (m * m);
}

void add_energy_distance(MetricRegistry& registry) {
  registry.add({.name = "energy_distance",
                .summary = "energy distance to exact draws",
                .citation = "Szekely and Rizzo 2013, doi 10.1016/j.jspi.2013.03.018",
                .facts = {"Energy distance"},
                .make = [](const MetricInput&) { return std::make_unique<EnergyDistance>(); }});
}

}  // namespace samplerbench::metrics
