#include <fmt/format.h>

#include "metrics/entries.h"
#include "metrics/image_features.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

class ClassifierAccuracy : public Metric {
 public:
  explicit ClassifierAccuracy(int64_t images) : images_(images) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_test_points(evidence)) return reason;
    return needs_class_model(evidence);
  }

  double value(const Evidence& evidence, Rng&) const override {
    torch::NoGradGuard no_grad;
    const targets::TestPoints test = evidence.problem.reference.images->test_points(images_);
    const Tensor logits = evidence.class_model->logits(test.points);
    require_finite(logits, "rows of logits");
    return 100 * class_accuracy(logits, test.labels);
  }

  Better better() const override { return Better::higher; }

  std::string convention() const override {
    return fmt::format(
        "percentage of the first {} test images at most whose label has the largest logit of the sampler's "
        "own classifier",
        images_);
  }

  bool has_floor() const override { return false; }

 private:
  int64_t images_;
};

}  // namespace

void add_classifier_accuracy(MetricRegistry& registry) {
  registry.add(
      {.name = "classifier_accuracy",
       .summary = "accuracy of the sampler's own classifier on test images",
       .citation = "a choice of this suite",
       .facts = {"Classifier accuracy", "%"},
       .options = {Option::integer("images", 10000, "test images, at most").at_least(1).at_most(1000000)},
       .make = [](const MetricInput& input) {
         return std::make_unique<ClassifierAccuracy>(input.options.integer("images"));
       }});
}

}  // namespace samplerbench::metrics
