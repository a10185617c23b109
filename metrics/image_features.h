#pragma once

#include <optional>
#include <string>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Reasons to skip, as in metrics/requirements.h.
std::optional<std::string> needs_images(const Evidence& evidence);
std::optional<std::string> needs_features(const Evidence& evidence);       // of a network, and of images
std::optional<std::string> needs_probabilities(const Evidence& evidence);  // of the classes
std::optional<std::string> needs_test_points(const Evidence& evidence);    // of labelled test images

// The features of a problem's test images, computed once.
class TestFeatures {
 public:
  // [M, F] float64. Needs evidence for which needs_features() returns nothing.
  const Tensor& of(const Evidence& evidence) const;

 private:
  mutable Tensor images_;  // that the features are of
  mutable std::string network_;
  mutable Tensor features_;
};

// [N, F] float64, of the draws. Throws CannotJudge where a draw or a feature is not finite.
Tensor draw_features(const Evidence& evidence);

// [N, C] float64, of the classes, at points [N, D] of the target. Throws CannotJudge where one is not finite.
Tensor class_probabilities(const Evidence& evidence, const Tensor& points);

// The share of rows of `scores`, [N, C], whose largest is that of their label, [N] int64.
double class_accuracy(const Tensor& scores, const Tensor& labels);

}  // namespace samplerbench::metrics
