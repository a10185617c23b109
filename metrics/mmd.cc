#include "metrics/mmd.h"

#include <fmt/format.h>

#include "metrics/pairwise.h"
#include "metrics/requirements.h"
#include "metrics/tile_kernels.h"

namespace samplerbench::metrics {
namespace {

class Mmd : public Metric {
 public:
  explicit Mmd(const Options& options) : bandwidth_(options.real("bandwidth")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_reference(evidence, 2)) return reason;
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng&) const override {
    return squared_mmd(evidence.draws, evidence.reference, kernel_length(bandwidth_, evidence.reference));
  }

  std::string convention() const override {
    const std::string rule =
        bandwidth_ > 0 ? fmt::format("{}", bandwidth_) : "the median distance between two reference draws";
    return "MMD^2 to exact draws: U-statistic (mean 0 for exact draws, may be negative), mean of five "
           "kernels "
           "exp(-r^2/(2 h^2)), h = 1/4, 1/2, 1, 2 and 4 times " +
           rule + ", float64";
  }

 private:
  double bandwidth_;
};

}  // namespace

double squared_mmd(const Tensor& x, const Tensor& y, double bandwidth) {
  const double widest = 4 * bandwidth;
  const double rate = -0.5 / (widest * widest);
  const TileFunction kernel = [rate](const Tile& tile) { mix_gaussians(rate, tile); };
  const double n = static_cast<double>(x.size(0)), m = static_cast<double>(y.size(0));
  return sum_within(x, kernel) / (n * (n - 1)) + sum_within(y, kernel) / (m * (m - 1)) -
         2 * sum_between(x, y, kernel) / (n * m);
}

void add_mmd(MetricRegistry& registry) {
  registry.add({.name = "mmd",
                .summary = "squared maximum mean discrepancy to exact draws, mixture of Gaussian kernels",
                .citation = "Gretton et al. 2012, JMLR 13:723",
                .facts = {"MMD²"},
                .options = {Option::real("bandwidth", 0, "middle bandwidth h; 0 takes the reference's median")
                                .at_least(0)},
                .make = [](const MetricInput& input) { return std::make_unique<Mmd>(input.options); }});
}

}  // namespace samplerbench::metrics
