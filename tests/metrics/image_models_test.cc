// Metrics of a trained classifier of images: what they say of classifiers that are known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "metrics/pixel_perturbation.h"
#include "targets/energy/image_draws.h"
#include "tests/metrics/support.h"
#include "tests/tiny_images.h"

namespace samplerbench::metrics {
namespace {

using samplerbench::testing::numbered_images;
using ::testing::HasSubstr;

targets::Problem numbered(bool logit = false) {
  return targets::image_draws(numbered_images(), {.logit = logit});
}

// Two classes by the first two of four pixels, but for a thousandth, which the gradient finds.
ClassModel first_half_counts() {
  const Tensor factors = torch::tensor({8.0, 8.0, 1e-3, -1e-3}, torch::kDouble);
  return {.logits =
              [factors](const Tensor& x) {
                const Tensor second = ((x - 0.4) * factors).sum(1);
                return torch::stack({torch::zeros_like(second), second}, 1);
              },
          .slope =
              [factors](const Tensor& x, const Tensor& labels) {
                return labels.to(torch::kDouble).unsqueeze(1) * factors +
                       torch::zeros_like(x);  // that of label 0 is 0
              },
          .draws = {},
          .ascents = {}};
}

// Images of label 1, whose first two pixels are 0.6. The others are noise.
targets::TestPoints telling_points(int64_t n) {
  Rng rng(3);
  const Tensor labels = torch::ones({n}, torch::kLong);
  Tensor points = rng.uniform({n, 4}, torch::kDouble);
  points.slice(1, 0, 2).fill_(0.6);
  return {points, labels, torch::zeros({n}, torch::kDouble)};
}

TEST(PixelPerturbation, FractionsGrowByOneFactor) {
  const std::vector<double> fractions = perturbed_fractions();
  ASSERT_EQ(fractions.size(), 25u);
  EXPECT_NEAR(fractions.front(), 0.01, 1e-15);
  EXPECT_EQ(fractions.back(), 1);
  for (size_t i = 1; i < fractions.size(); ++i)
    EXPECT_NEAR(fractions[i] / fractions[i - 1], std::pow(100, 1.0 / 24), 1e-12);
}

// By a relevance of the wrong sign the telling pixels go first.
TEST(PixelPerturbation, RemovesTheLeastRelevantPixelsFirst) {
  const targets::TestPoints test = telling_points(40);
  const ClassModel model = first_half_counts();
  const Tensor relevance = model.slope(test.points, test.labels).abs();
  // Class 1 while the first two pixels are both 0.6.
  const auto both_left = [](const Tensor& x) {
    const Tensor left = x.slice(1, 0, 2).eq(0.6).all(1).to(torch::kDouble);
    return torch::stack({1 - left, left}, 1);
  };
  const std::vector<double> quarters{0.25, 0.5, 0.75, 1};
  const Tensor right = perturbation_curve(test, relevance, quarters, both_left);
  EXPECT_TRUE(torch::equal(right, torch::tensor({1.0, 1.0, 0.0, 0.0}, torch::kDouble)));
  const Tensor wrong = perturbation_curve(test, -relevance, quarters, both_left);
  EXPECT_TRUE(torch::equal(wrong, torch::zeros({4}, torch::kDouble)));
  EXPECT_NEAR(mean_over_logarithm(right), (1 + 0.5 + 0) / 3, 1e-12);
}

// Evidence of a classifier of images that the target says are `points`.
struct Judged {
  targets::Problem problem = numbered();
  Evidence evidence{.problem = problem};

  Judged(std::function<targets::TestPoints(int64_t)> points, ClassModel model) {
    problem.reference.images->test_points = std::move(points);
    evidence.class_model = std::move(model);
    evidence.draws = torch::zeros({1, 4}, torch::kDouble);
  }
  Judged(const Judged&) = delete;
  Judged& operator=(const Judged&) = delete;
};

TEST(PixelPerturbation, PrefersAClassifierWhoseGradientsFindWhatItLooksAt) {
  // Label 1 only while the telling pixels are 0.6 and not 0.5.
  ClassModel model = first_half_counts();
  model.logits = [](const Tensor& x) {
    const Tensor second = x.slice(1, 0, 2).sum(1) - 1.15;
    return torch::stack({torch::zeros_like(second), second}, 1);
  };
  const Judged right(telling_points, model);
  ClassModel blind = model;
  blind.slope = [](const Tensor& x, const Tensor&) {
    return torch::tensor({1e-3, 1e-3, 8.0, 8.0}, torch::kDouble) + torch::zeros_like(x);
  };
  const Judged wrong(telling_points, blind);
  const double found = judge("pixel_perturbation", right.evidence),
               lost = judge("pixel_perturbation", wrong.evidence);
  // Of four pixels less than 0.625 are two at most, and less than 0.125 none: the first 22 and 14 fractions.
  EXPECT_NEAR(found, 100 * 21.5 / 24, 1e-9);
  EXPECT_NEAR(lost, 100 * 13.5 / 24, 1e-9);
}

TEST(ClassifierAccuracy, IsTheShareOfRightLabels) {
  const auto a_quarter_is_wrong = [](int64_t n) {
    targets::TestPoints test = telling_points(n);
    test.labels.slice(0, 0, n / 4).zero_();
    return test;
  };
  const Judged seen(a_quarter_is_wrong, first_half_counts());
  EXPECT_NEAR(judge("classifier_accuracy", seen.evidence, {{"images", 400}}), 75, 1e-12);
}

// Points whose first pixel is right for four of five labels, or always, told by a network that looks at it.
TEST(GanTest, IsTheShareOfPointsThatAnotherClassifierTells) {
  ClassModel model = first_half_counts();
  const auto points = [](const Tensor& labels, const Tensor& wrong) {
    const Tensor shown = torch::where(wrong, 1 - labels, labels).to(torch::kDouble);
    return shown.unsqueeze(1).repeat({1, 4});
  };
  model.draws = [points](const Tensor& labels, Rng&) {
    return points(labels, torch::arange(labels.size(0), torch::kLong).remainder(5).eq(0));
  };
  model.ascents = [points](const Tensor& labels, Rng&) {
    return points(labels, torch::zeros({labels.size(0)}, torch::kBool));
  };
  Judged judged(telling_points, model);
  judged.problem.reference.images->network.probabilities = [](const Tensor& x) {
    return at::one_hot(x.select(1, 0).gt(0.5).to(torch::kLong), 2).to(torch::kDouble);
  };
  EXPECT_NEAR(judge("gan_test", judged.evidence), 80, 1e-12);
  EXPECT_EQ(judge("gan_test", judged.evidence, {{"by", "ascent"}}), 100);
  EXPECT_THAT(make_metric("gan_test")->convention(), HasSubstr("with noise"));
  EXPECT_THAT(make_metric("gan_test", {{"by", "ascent"}})->convention(), HasSubstr("mode seeking"));
  judged.evidence.class_model->draws = {};
  EXPECT_THAT(make_metric("gan_test")->skip(judged.evidence).value_or(""), HasSubstr("draws by class"));
}

TEST(ImageModels, SayWhatTheyLack) {
  const targets::Problem problem = numbered(), logits = numbered(true);
  Evidence evidence{.problem = problem};
  for (const char* metric : {"classifier_accuracy", "pixel_perturbation"})
    EXPECT_EQ(make_metric(metric)->skip(evidence), "needs a sampler that trains a classifier");
  Evidence of_logits{.problem = logits};
  of_logits.class_model = first_half_counts();
  EXPECT_EQ(make_metric("pixel_perturbation")->skip(of_logits),
            "needs a target whose points are grey levels");
}

}  // namespace
}  // namespace samplerbench::metrics
