#include <fmt/format.h>

#include <cmath>

#include "metrics/entries.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class DensityRatioError : public Metric {
 public:
  explicit DensityRatioError(double noise) : noise_(noise) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_density(evidence)) return reason;
    if (const auto reason = needs_log_density(evidence)) return reason;
    return needs_reference(evidence, 1);
  }

  double value(const Evidence& evidence, Rng& rng) const override {
    torch::NoGradGuard no_grad;
    const Tensor& x = evidence.reference;
    require_finite(x, "exact draws");
    const Tensor moved = x + noise_ * rng.normal(x.sizes(), x.options());
    const targets::Target& target = *evidence.problem.target;
    const Tensor found = evidence.log_density(moved) - evidence.log_density(x);
    const Tensor truth = target.log_density(moved) - target.log_density(x);
    require_finite(found, "log density ratios of the sampler's law");
    return std::abs((found - truth).mean().item<double>());
  }

  std::string convention() const override {
    return fmt::format(
        "|E [log p(x + e) - log p(x)] - E [log q(x + e) - log q(x)]| over exact draws x of the target q, e "
        "normal of standard deviation {}, in nats; p the density of the draws' law",
        noise_);
  }

  bool has_floor() const override { return false; }

 private:
  double noise_;
};

}  // namespace

void add_density_ratio_error(MetricRegistry& registry) {
  registry.add(
      {.name = "density_ratio_error",
       .summary = "error of the mean log density ratio between noised and clean exact draws",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128: the ratio, here against that of the target",
       .facts = {.display = "Density ratio error", .unit = "nats", .needs_density = true},
       .options = {Option::real("noise", 0.5, "standard deviation of the noise").above(0)},
       .make = [](const MetricInput& input) {
         return std::make_unique<DensityRatioError>(input.options.real("noise"));
       }});
}

}  // namespace samplerbench::metrics
