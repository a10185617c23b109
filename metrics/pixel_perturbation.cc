#include "metrics/pixel_perturbation.h"

#include <fmt/format.h>

#include <cmath>

#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kFractions = 25;
constexpr double kLeastFraction = 0.01;
constexpr double kReplacement = 0.5;  // grey level

class PixelPerturbation : public Metric {
 public:
  explicit PixelPerturbation(int64_t images) : images_(images) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_test_points(evidence)) return reason;
    if (evidence.problem.reference.images->grey_levels) return "needs a target whose points are grey levels";
    return needs_class_model(evidence);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const targets::TestPoints test = evidence.problem.reference.images->test_points(images_);
    const Tensor relevance = evidence.class_model->slope(test.points, test.labels).abs();
    require_finite(relevance, "rows of the gradients of logits");
    const Tensor accuracies =
        perturbation_curve(test, relevance, perturbed_fractions(), evidence.class_model->logits);
    return 100 * mean_over_logarithm(accuracies);
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return fmt::format(
        "mean accuracy [%] of the sampler's classifier on the first {} test images at most, over the "
        "logarithm of the fraction of pixels that are replaced by {}, from {} to 1 (trapezoidal rule of {} "
        "fractions): those with the least |gradient of the logit of the image's label|",
        images_, kReplacement, kLeastFraction, kFractions);
  }

  bool has_floor() const override { return false; }

 private:
  int64_t images_;
};

}  // namespace

std::vector<double> perturbed_fractions() {
  std::vector<double> fractions;
  for (int64_t i = 0; i < kFractions; ++i)
    fractions.push_back(std::pow(kLeastFraction, 1 - static_cast<double>(i) / (kFractions - 1)));
  return fractions;
}

Tensor perturbation_curve(const targets::TestPoints& test, const Tensor& relevance,
                          const std::vector<double>& fractions,
                          const std::function<Tensor(const Tensor&)>& logits) {
  const Tensor order = std::get<1>(relevance.sort(1));  // the least first
  const Tensor ranks = std::get<1>(order.sort(1));
  const auto pixels = static_cast<double>(relevance.size(1));
  std::vector<double> accuracies;
  for (const double fraction : fractions) {
    const Tensor perturbed = test.points.masked_fill(ranks < std::round(fraction * pixels), kReplacement);
    accuracies.push_back(class_accuracy(logits(perturbed), test.labels));
  }
  return torch::tensor(accuracies, torch::kDouble);
}

double mean_over_logarithm(const Tensor& values) {
  const Tensor between = (values.slice(0, 1) + values.slice(0, 0, -1)) / 2;
  return between.mean().item<double>();
}

void add_pixel_perturbation(MetricRegistry& registry) {
  registry.add(
      {.name = "pixel_perturbation",
       .summary = "accuracy of the sampler's classifier without the pixels that its gradients find least "
                  "relevant",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128; the mean over the curve is a choice of this "
                   "suite",
       .facts = {"Pixel perturbation", "%"},
       .options = {Option::integer("images", 1000, "test images, at most").at_least(1).at_most(1000000)},
       .make = [](const MetricInput& input) {
         return std::make_unique<PixelPerturbation>(input.options.integer("images"));
       }});
}

}  // namespace samplerbench::metrics
