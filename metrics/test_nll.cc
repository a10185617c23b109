#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "metrics/entries.h"
#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kImagesAtOnce = 1000;  // which bounds the memory of a log density

// With x the points of the target and v the grey levels that they are of, log p(v) = log p(x) + log |det
// dx/dv|: the law of the draws is judged as one of grey levels, whatever coordinates the target or the
// sampler works in.
class TestNll : public Metric {
 public:
  explicit TestNll(const Options& options)
      : images_(options.integer("images")), in_bits_(options.text("unit") == "bits") {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_test_points(evidence)) return reason;
    return needs_log_density(evidence);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const targets::TestPoints test = evidence.problem.reference.images->test_points(images_);
    const int64_t n = test.points.size(0);
    const Tensor densities = torch::empty({n}, test.points.options());
    for (int64_t first = 0; first < n; first += kImagesAtOnce) {
      const int64_t rows = std::min(kImagesAtOnce, n - first);
      densities.narrow(0, first, rows).copy_(evidence.log_density(test.points.narrow(0, first, rows)));
    }
    densities.add_(test.log_slope);
    require_finite(densities, "log densities of test images");
    const double nll = -densities.mean().item<double>();
    return in_bits_ ? nll / (static_cast<double>(test.points.size(1)) * std::numbers::ln2) : nll;
  }

  std::string convention() const override {
    return fmt::format(
        "mean of -log p(v) over the first {} test images at most, {}; v their grey levels in [0, 256)^D, "
        "made continuous by uniform noise that is always the same; p the law of the draws, in float64",
        images_, in_bits_ ? "in bits a pixel" : "in nats an image");
  }

  bool has_floor() const override { return false; }

 private:
  int64_t images_;
  bool in_bits_;
};

}  // namespace

void add_test_nll(MetricRegistry& registry) {
  registry.add(
      {.name = "test_nll",
       .summary = "negative log likelihood of test images under the law of the draws",
       .citation = "Chao et al. 2023, arXiv 2305.15267",
       .facts = {"Test NLL"},
       .options = {Option::integer("images", 10000, "test images, at most").at_least(1).at_most(1000000),
                   Option::choice("unit", "nats", {"nats", "bits"}, "nats an image, or bits a pixel")},
       .make = [](const MetricInput& input) { return std::make_unique<TestNll>(input.options); }});
}

}  // namespace samplerbench::metrics
