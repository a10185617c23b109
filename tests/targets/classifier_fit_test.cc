#include "targets/classifier/classifier_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/error.h"
#include "targets/classifier/classifier_energy.h"
#include "targets/energy/model_fits.h"
#include "tests/complaint.h"
#include "tests/targets/fits.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::train;
using ::testing::HasSubstr;

std::unique_ptr<ModelFit> make_fit(const Json& options, int64_t steps) {
  return samplerbench::testing::make_fit("aligned-classifier", options, steps);
}

Json quick(const std::string& regulariser) {
  return {{"width", 32},           {"layers", 2},       {"batch", 256},
          {"learning_rate", 0.01}, {"averaging", 0.97}, {"regulariser", regulariser}};
}

// Half the mean square of the true scores is the Fisher divergence of a field that is 0. A classifier by
// cross-entropy alone is as accurate, and its gradients are no scores.
TEST(AlignedClassifierFit, ScoreMatchingAlignsGradients) {
  Json matched = quick("score");
  matched.update({{"trace", "exact"}, {"lambda", 1.0}});
  const auto aligned = make_fit(matched, 400), plain = make_fit(quick("none"), 400);
  train(*aligned, 0, 400);
  train(*plain, 0, 400);
  const Json after = aligned->evaluate(), without = plain->evaluate();
  EXPECT_GT(after["test_accuracy"].get<double>(), 90);
  EXPECT_GT(without["test_accuracy"].get<double>(), 90);
  EXPECT_GT(after["score_cosine"].get<double>(), without["score_cosine"].get<double>() + 0.2);
  EXPECT_LT(after["fisher_divergence"].get<double>(), 0.5 * without["fisher_divergence"].get<double>());
  EXPECT_LT(after["trace"].get<double>(), 0) << "of a density that data lie at the top of";
}

TEST(AlignedClassifierFit, FindsAModelThatIsATarget) {
  const auto fit = make_fit(quick("none"), 20);
  train(*fit, 0, 20);
  const Archive archive = Archive::parse(fit->model().serialise(), "m");
  const ClassifierModel model = get_classifier_model(archive, "m");
  EXPECT_EQ(model.network.shape().hidden, (std::vector<int64_t>{32, 32}));
  EXPECT_EQ(model.network.shape().scale, 10);
  EXPECT_EQ(fit->facts()["parameters"], model.network.parameters());
  const auto target = classifier_energy(model, 0);
  EXPECT_TRUE(target->log_density(torch::ones({3, 2}, torch::kDouble)).isfinite().all().item<bool>());
}

TEST(AlignedClassifierFit, GoesOnFromWhatItSaved) {
  samplerbench::testing::expect_goes_on([] { return make_fit(quick("score"), 12); }, 5, 12);
}

// The best of guesses that look at nothing is right for a tenth of the digits.
TEST(AlignedClassifierFit, LearnsImages) {
  const auto fit = make_fit({{"data", "strokes"},
                             {"width", 32},
                             {"layers", 1},
                             {"batch", 64},
                             {"learning_rate", 3e-3},
                             {"averaging", 0.9}},
                            60);
  train(*fit, 0, 60);
  const Json figures = fit->evaluate();
  EXPECT_GT(figures["test_accuracy"].get<double>(), 30);
  EXPECT_GT(figures["logit_gradient"].get<double>(), 0);
  EXPECT_TRUE(figures["trace"].is_number());
  EXPECT_FALSE(figures.contains("score_cosine")) << "the score of an image's class is not known";
  EXPECT_EQ(fit->facts()["dim"], 784);
}

TEST(AlignedClassifierFit, RefusesWhatItCannotEstimate) {
  Json options = quick("score");
  options["sigma"] = 0.01;
  EXPECT_THAT(complaint([&] { make_fit(options, 5); }), HasSubstr("'sigma' = 0.01"));
  const Json exact{{"data", "strokes"}, {"trace", "exact"}};
  EXPECT_THAT(complaint([&] { make_fit(exact, 5); }), HasSubstr("at most 10 coordinates"));
  EXPECT_THAT(complaint([] { make_fit({{"data", "class-mixtur"}}, 5); }), HasSubstr("class-mixture"));
}

TEST(AlignedClassifierFit, AHugeLearningRateIsSaidToDiverge) {
  Json options = quick("score");
  options["learning_rate"] = 1e30;
  const auto fit = make_fit(options, 50);
  EXPECT_THROW(train(*fit, 0, 50), Diverged);
}

}  // namespace
}  // namespace samplerbench::targets
