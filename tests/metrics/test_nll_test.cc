// The likelihood of test images, and grey levels of draws that are logits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "metrics/requirements.h"
#include "targets/energy/image_draws.h"
#include "targets/flow/flow_network.h"
#include "tests/metrics/support.h"
#include "tests/targets/flow_fixtures.h"
#include "tests/tiny_images.h"

namespace samplerbench::metrics {
namespace {

using samplerbench::testing::gaussian_flow_weights;
using samplerbench::testing::numbered_images;
using ::testing::HasSubstr;

constexpr double kAlpha = 0.5;

targets::Problem numbered(bool logit) {
  return targets::image_draws(numbered_images(), {.logit = logit, .alpha = kAlpha});
}

double nll_under(const targets::Problem& problem, const LogDensity& law,
                 const Json& options = Json::object()) {
  Evidence evidence{.problem = problem};
  evidence.log_density = law;
  return judge("test_nll", evidence, options);
}

// The law of points x whose grey levels are uniform in [0, 256)^4: 8 bits a pixel, 4 log 256 nats.
LogDensity uniform_levels(bool logit) {
  if (!logit) return [](const Tensor& x) { return torch::zeros({x.size(0)}, x.options()); };
  return [](const Tensor& y) {
    const Tensor z = torch::sigmoid(kAlpha * y);
    return (kAlpha * z * (1 - z) / (1 - 2e-6)).log().sum(1);  // of x = v / 256, dx/dy
  };
}

TEST(TestNll, OfUniformGreyLevelsIsEightBitsAPixel) {
  for (const bool logit : {false, true}) {
    const targets::Problem problem = numbered(logit);
    EXPECT_NEAR(nll_under(problem, uniform_levels(logit)), 4 * std::log(256.0), 1e-8) << logit;
    EXPECT_NEAR(nll_under(problem, uniform_levels(logit), {{"unit", "bits"}}), 8, 1e-8) << logit;
  }
}

// The same without the log-determinant of the map from grey levels.
TEST(TestNll, WithoutTheSlopeIsAnotherNumber) {
  for (const bool logit : {false, true}) {
    targets::Problem problem = numbered(logit);
    problem.reference.images->test_points = [inner = problem.reference.images->test_points](int64_t n) {
      targets::TestPoints test = inner(n);
      test.log_slope.zero_();
      return test;
    };
    EXPECT_GT(std::abs(nll_under(problem, uniform_levels(logit)) - 4 * std::log(256.0)), 1) << logit;
  }
}

// A flow of one linear layer whose law of logits is normal, judged in logits, and in grey levels with the
// logit as its first layer: in both by the closed form of the normal law.
TEST(TestNll, OfANormalLawOfLogitsIsThatOfItsClosedForm) {
  const Tensor mean = torch::tensor({0.5, -1.0, 0.0, 2.0}, torch::kDouble);
  const Tensor root = torch::tensor({1.0, 0.0, 0.0, 0.0, 0.3, 1.2, 0.0, 0.0, -0.2, 0.1, 0.9, 0.0, 0.0, 0.4,
                                     -0.3, 1.1},
                                    torch::kDouble)
                          .view({4, 4});
  const Tensor covariance = root.mm(root.t());
  const Weights weights = gaussian_flow_weights(mean, covariance);
  const targets::FlowNetwork after({.kind = "dense", .dim = 4, .layers = 1}),
      whole({.kind = "dense", .dim = 4, .layers = 1, .pixel_alpha = kAlpha});
  const targets::Problem grey = numbered(false), logits = numbered(true);
  const double in_logits = nll_under(logits, [&](const Tensor& y) { return after.log_density(y, weights); });
  const double in_grey = nll_under(grey, [&](const Tensor& x) {
    return whole.log_density(256 * x, weights) + 4 * std::log(256.0);
  });
  const targets::TestPoints test = logits.reference.images->test_points(100);
  const Tensor apart = test.points - mean;
  const Tensor squares = (apart.mm(at::linalg_inv(covariance)) * apart).sum(1);
  const double log_root = root.diagonal().log().sum().item<double>();
  const Tensor log_density = -squares / 2 - 2 * std::log(2 * std::numbers::pi) - log_root;
  // d logit / dv = s / (256 alpha z (1 - z)), with z from the logit.
  const Tensor z = torch::sigmoid(kAlpha * test.points);
  const Tensor slope = ((1 - 2e-6) / 256 / (kAlpha * z * (1 - z))).log().sum(1);
  const double expected = -(log_density + slope).mean().item<double>();
  EXPECT_NEAR(in_logits, expected, 1e-8 * std::abs(expected));
  EXPECT_NEAR(in_grey, expected, 1e-8 * std::abs(expected));
  EXPECT_GT(std::abs(expected + log_density.mean().item<double>()), 1) << "the slope makes no difference";
}

TEST(TestNll, LooksAtSoManyTestImages) {
  const targets::Problem problem = numbered(false);
  const LogDensity first_level = [](const Tensor& x) { return x.select(1, 0); };
  const Tensor levels = problem.reference.images->test_points(100).points.select(1, 0);
  for (const int64_t images : {1, 7, 100})
    EXPECT_NEAR(nll_under(problem, first_level, {{"images", images}}),
                4 * std::log(256.0) - levels.slice(0, 0, images).mean().item<double>(), 1e-10);
}

TEST(TestNll, SaysWhatItLacks) {
  const targets::Problem plane = standard_normal_problem(2), problem = numbered(false);
  Evidence evidence{.problem = problem}, without{.problem = plane};
  const auto metric = make_metric("test_nll");
  EXPECT_EQ(metric->skip(evidence), "needs a sampler that knows its density");
  EXPECT_THAT(metric->skip(without).value_or(""), HasSubstr("needs a target on images"));
  evidence.log_density = [](const Tensor& x) { return x.select(1, 0).log() / 0; };
  EXPECT_THROW(judge("test_nll", evidence), CannotJudge);
}

// Metrics of images see the grey levels of draws that are logits.
TEST(ImageMetrics, SeeTheGreyLevelsOfLogits) {
  targets::Problem grey = numbered(false), logits = numbered(true);
  for (targets::Problem* problem : {&grey, &logits}) {
    problem->reference.images->network.features = [](const Tensor& x) { return x.to(torch::kDouble); };
    problem->reference.images->network.name = "pixels";
  }
  Rng first(5), same(5);
  const Tensor draws = grey.reference.exact_draws(20, first),
               as_logits = logits.reference.exact_draws(20, same);
  for (const char* metric : {"kid", "nearest_neighbour"}) {
    const double expected = judge(metric, {.problem = grey, .draws = draws});
    EXPECT_NEAR(judge(metric, {.problem = logits, .draws = as_logits}), expected, 1e-8) << metric;
    EXPECT_GT(std::abs(judge(metric, {.problem = grey, .draws = as_logits}) - expected), 1e-3) << metric;
  }
}

}  // namespace
}  // namespace samplerbench::metrics
