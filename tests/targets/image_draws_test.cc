#include "targets/energy/image_draws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "targets/energy/feature_network.h"
#include "tests/all_targets.h"
#include "tests/complaint.h"
#include "tests/statistics.h"
#include "tests/targets/one_file.h"
#include "tests/tiny_images.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::all_targets;
using samplerbench::testing::complaint;
using samplerbench::testing::kFalseAlarm;
using samplerbench::testing::kolmogorov_smirnov_p;
using samplerbench::testing::make_problem;
using samplerbench::testing::number_of;
using samplerbench::testing::numbered_images;
using samplerbench::testing::OneFile;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::set<int64_t> numbers_in(const Tensor& points) {
  const Tensor numbers = number_of(points);
  std::set<int64_t> found;
  for (int64_t i = 0; i < numbers.numel(); ++i) found.insert(numbers[i].item<int64_t>());
  return found;
}

std::set<int64_t> from_to(int64_t first, int64_t last) {
  std::set<int64_t> numbers;
  for (int64_t i = first; i <= last; ++i) numbers.insert(i);
  return numbers;
}

// The last ten of sixty training images are held out. Of 2,000 draws one of fifty images is missed with a
// probability of 50 (49/50)^2000, below 1e-15.
TEST(ImageDraws, MethodsLearnFromOtherImagesThanMetricsSee) {
  for (const bool validation : {false, true}) {
    const Problem problem = image_draws(numbered_images(), {.validation = validation});
    const Reference& reference = problem.reference;
    Rng rng(1);
    EXPECT_EQ(numbers_in(reference.training_draws(2000, rng)), from_to(0, 49));
    EXPECT_EQ(numbers_in(reference.classes->draws(2000, rng).points), from_to(0, 49));
    const std::set<int64_t> judged = validation ? from_to(50, 59) : from_to(200, 219);
    EXPECT_EQ(reference.pool, static_cast<int64_t>(judged.size()));
    EXPECT_EQ(numbers_in(reference.exact_draws(reference.pool, rng)), judged);
    EXPECT_EQ(numbers_in(reference.images->test_points(100).points), judged);
    EXPECT_EQ(reference.images->training.size(0), 50);
    EXPECT_EQ(reference.images->test.size(0), reference.pool);
    EXPECT_THAT(complaint([&] { reference.exact_draws(reference.pool + 1, rng); }),
                HasSubstr("images to judge by"));
  }
}

TEST(ImageDraws, LabelsGoWithTheirImages) {
  const Problem problem = image_draws(numbered_images(), {});
  Rng rng(2);
  const LabelledDraws draws = problem.reference.classes->draws(500, rng);
  EXPECT_TRUE(torch::equal(draws.labels, number_of(draws.points) % 2));
  const TestPoints test = problem.reference.images->test_points(7);
  EXPECT_EQ(test.points.sizes(), at::IntArrayRef({7, 4}));
  EXPECT_TRUE(torch::equal(number_of(test.points), torch::arange(200, 207, torch::kLong)));
  EXPECT_TRUE(torch::equal(test.labels, number_of(test.points) % 2));
  EXPECT_TRUE(torch::equal(test.points, problem.reference.images->test_points(7).points)) << "other noise";
}

TEST(ImageDraws, NoiseMakesGreyLevelsUniformBetweenTheirNeighbours) {
  const Problem problem = image_draws(numbered_images(), {});
  Rng rng(3);
  const Tensor levels = problem.reference.training_draws(2000, rng).flatten() * 256;
  const Tensor noise = levels - levels.floor();
  const auto uniform = [](double u) { return u; };
  EXPECT_GT(kolmogorov_smirnov_p(noise, uniform), kFalseAlarm);
  EXPECT_LT(kolmogorov_smirnov_p(noise.square(), uniform), kFalseAlarm);
}

// The preparation of the released code, written down again: grey levels in [0, 256) -> logits.
Tensor logits_of(const Tensor& levels, double alpha) {
  const Tensor z = (levels / 256 + 1e-6) * (1 - 2e-6);
  return (z / (1 - z)).log() / alpha;
}

TEST(ImageDraws, LogitsAreThoseOfTheSameGreyLevels) {
  const auto points = [](const Problem& problem) { return problem.reference.images->test_points(20).points; };
  const Problem grey = image_draws(numbered_images(), {});
  for (const double alpha : {0.5, 2.0}) {
    const Problem problem = image_draws(numbered_images(), {.logit = true, .alpha = alpha});
    EXPECT_TRUE(torch::allclose(points(problem), logits_of(points(grey) * 256, alpha), 1e-10, 1e-10));
    EXPECT_TRUE(
        torch::allclose(problem.reference.images->as_grey(points(problem)), points(grey), 1e-9, 1e-9));
  }
  EXPECT_TRUE(torch::equal(grey.reference.images->as_grey(points(grey)), points(grey)));
}

// What is remembered of the last points must not be taken for that of others.
TEST(ImageDraws, ToldOfNewPointsLooksAgain) {
  const Problem problem = image_draws(numbered_images(), {.logit = true});
  const Images& images = *problem.reference.images;
  const auto afresh = [](const Tensor& points) {
    return image_draws(numbered_images(), {.logit = true}).reference.images->as_grey(points);
  };
  Tensor points = images.test_points(20).points;
  const Tensor first = images.as_grey(points);
  EXPECT_TRUE(images.as_grey(points).is_same(first));
  points.mul_(0.5);
  EXPECT_TRUE(torch::equal(images.as_grey(points), afresh(points)));
  EXPECT_FALSE(torch::equal(images.as_grey(points), first));
  const Tensor other = images.test_points(10).points;
  EXPECT_TRUE(torch::equal(images.as_grey(other), afresh(other)));
}

// log |det dx / dv| by central differences of the formula, coordinate by coordinate.
TEST(ImageDraws, SlopesAreThoseOfTheMap) {
  const Problem grey = image_draws(numbered_images(), {});
  const TestPoints test = grey.reference.images->test_points(20);
  EXPECT_TRUE(torch::allclose(test.log_slope, torch::full({20}, -4 * std::log(256.0), torch::kDouble)));
  const Tensor levels = test.points * 256;
  const double step = 1e-4;
  for (const double alpha : {0.5, 2.0}) {
    const Tensor slope =
        ((logits_of(levels + step, alpha) - logits_of(levels - step, alpha)) / (2 * step)).log().sum(1);
    const Problem problem = image_draws(numbered_images(), {.logit = true, .alpha = alpha});
    const Tensor found = problem.reference.images->test_points(20).log_slope;
    EXPECT_TRUE(torch::allclose(found, slope, 1e-6, 1e-6));
    EXPECT_FALSE(torch::allclose(found + 4 * std::log(alpha), slope, 1e-3, 1e-3)) << "alpha left out";
  }
}

TEST(ImageDraws, HasNoDensity) {
  const Problem problem = image_draws(numbered_images(), {});
  const Target& target = *problem.target;
  EXPECT_FALSE(target.has_density());
  EXPECT_EQ(target.dim(), 4);
  const Tensor x = torch::zeros({3, 4}, torch::kDouble);
  std::vector<double> score(12);
  const std::vector<std::function<void()>> questions{
      [&] { target.log_density(x); }, [&] { target.score(x); }, [&] { target.value_and_score(x); },
      [&] { target.evaluate(3, x.data_ptr<double>(), nullptr, score.data()); }};
  for (const auto& ask : questions) EXPECT_THAT(complaint(ask), HasSubstr("known by its draws alone"));
  EXPECT_FALSE(target.noised_exactly(torch::tensor(1.0, torch::kDouble)));
}

TEST(ImageDraws, NeedsImagesToHoldOut) {
  EXPECT_THAT(complaint([] { image_draws(numbered_images(5), {}); }), HasSubstr("5 training images"));
  EXPECT_EQ(complaint([] { image_draws(numbered_images(6), {}); }), "");
}

TEST(ImageDrawsEntry, IsOfStrokesOrMnist) {
  const Problem problem = make_problem("image-data", {{"data", "strokes"}, {"features", ""}});
  EXPECT_EQ(problem.target->dim(), 784);
  EXPECT_EQ(problem.reference.classes->count, 10);
  EXPECT_EQ(problem.reference.images->training.size(0), 8334);
  EXPECT_EQ(problem.reference.pool, 10000);
  EXPECT_FALSE(problem.reference.images->network.features);
  EXPECT_THAT(complaint([] { make_problem("image-data"); }), HasSubstr("mnist/train-images"));
  const auto& entry = all_targets().at("image-data");
  EXPECT_EQ(entry.facts.density, Density::unknown);
  const auto files = [&](const Json& options) { return entry.files(Options(entry.options, options, "t")); };
  EXPECT_THAT(files(Json::object()), ::testing::Contains("models/mnist-features.pt"));
  EXPECT_THAT(files({{"data", "strokes"}}), ::testing::ElementsAre("models/strokes-features.pt"));
  EXPECT_TRUE(files({{"data", "strokes"}, {"features", ""}}).empty());
}

TEST(ImageDrawsEntry, RefusesWhatItCannotBeMadeOf) {
  const auto refused = [](const Json& options) {
    return complaint([&] { Options(all_targets().at("image-data").options, options, "target image-data"); });
  };
  EXPECT_THAT(refused({{"data", "strks"}}), AllOf(HasSubstr("data = strks"), HasSubstr("mnist, strokes")));
  EXPECT_THAT(refused({{"preprocessing", "whiten"}}), HasSubstr("one of none, logit"));
  EXPECT_THAT(refused({{"judged_on", "training"}}), HasSubstr("one of test, validation"));
  EXPECT_THAT(refused({{"alpha", 0.3}}), HasSubstr("preprocessing=logit"));
  Rng rng(4);
  const FeatureNetwork small({.height = 8, .width = 8, .channels = 2, .features = 4}, rng, torch::kFloat);
  const OneFile file("small.pt", small.archive().serialise());
  EXPECT_THAT(
      complaint([&] { make_problem("image-data", {{"data", "strokes"}, {"features", "small.pt"}}, file); }),
      AllOf(HasSubstr("small.pt"), HasSubstr("8 x 8")));
}

// What an entry says of a density is what its target says.
TEST(Density, IsKnownWhereTheEntrySaysSo) {
  for (const std::string& name : all_targets().names()) {
    const auto& entry = all_targets().at(name);
    if (entry.files && !entry.files(Options(entry.options, Json::object(), name)).empty()) continue;
    EXPECT_EQ(make_problem(name).target->has_density(), entry.facts.density == Density::known) << name;
  }
}

}  // namespace
}  // namespace samplerbench::targets
