#include "metrics/image_features.h"

#include "metrics/requirements.h"
#include "targets/energy/image_data.h"

namespace samplerbench::metrics {
namespace {

const targets::Images& images_of(const Evidence& evidence) { return *evidence.problem.reference.images; }

}  // namespace

std::optional<std::string> needs_images(const Evidence& evidence) {
  if (!evidence.problem.reference.images) return "needs a target on images";
  return needs_draws(evidence, 1);
}

std::optional<std::string> needs_features(const Evidence& evidence) {
  if (const auto reason = needs_images(evidence)) return reason;
  if (images_of(evidence).network.features) return std::nullopt;
  return "needs a feature network";
}

std::optional<std::string> needs_probabilities(const Evidence& evidence) {
  if (const auto reason = needs_images(evidence)) return reason;
  if (images_of(evidence).network.probabilities) return std::nullopt;
  return "needs a feature network that tells classes";
}

std::optional<std::string> needs_test_points(const Evidence& evidence) {
  if (evidence.problem.reference.images && images_of(evidence).test_points) return std::nullopt;
  return "needs a target on images that says what points its test images are";
}

const Tensor& TestFeatures::of(const Evidence& evidence) const {
  const targets::Images& images = images_of(evidence);
  if (!images_.is_same(images.test) || network_ != images.network.name) {
    features_ = images.network.features(targets::as_pixels(images.test));
    images_ = images.test;
    network_ = images.network.name;
  }
  return features_;
}

Tensor draw_features(const Evidence& evidence) {
  require_finite(evidence.draws, "draws");
  const targets::Images& images = images_of(evidence);
  const Tensor features = images.network.features(images.as_grey(evidence.draws));
  require_finite(features, "rows of features");
  return features;
}

Tensor class_probabilities(const Evidence& evidence, const Tensor& points) {
  const targets::Images& images = images_of(evidence);
  const Tensor p = images.network.probabilities(images.as_grey(points));
  require_finite(p, "rows of class probabilities");
  return p;
}

double class_accuracy(const Tensor& scores, const Tensor& labels) {
  return scores.argmax(1).eq(labels).to(torch::kDouble).mean().item<double>();
}

}  // namespace samplerbench::metrics
