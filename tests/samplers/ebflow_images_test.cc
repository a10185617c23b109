// `ebflow` on images, as a flow of grey levels and after their logit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "samplers/learners/ebflow.h"
#include "targets/energy/image_draws.h"
#include "targets/flow/flow_model.h"
#include "tests/complaint.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"
#include "tests/tiny_images.h"

namespace samplerbench::samplers {
namespace {

using samplerbench::testing::all_samplers;
using samplerbench::testing::complaint;
using samplerbench::testing::make_problem;
using samplerbench::testing::mean_is;
using samplerbench::testing::numbered_images;
using samplerbench::testing::with;
using ::testing::HasSubstr;

// Images of 2 x 2 pixels whose grey levels are about 128 +- 20, independent of each other.
targets::Problem blurred_grey(bool logit) {
  targets::ImageData data = numbered_images();
  Rng rng(1);
  data.training = (128 + 20 * rng.normal({1200, 4}, torch::kDouble)).clamp(0, 255).to(torch::kByte);
  data.training_labels = torch::zeros({1200}, torch::kLong);
  return targets::image_draws(data, {.logit = logit});
}

const Json kGrey{{"network", "dense"}, {"layers", 1},           {"batch", 64},
                 {"alpha", 0.5},       {"learning_rate", 0.02}, {"averaging", 0.9}};

std::unique_ptr<Sampler> make(const targets::Problem& problem, const Json& given,
                              int64_t planned_steps = 200) {
  const auto& entry = all_samplers().at("ebflow");
  const Options options(entry.options, given, entry.name);
  const Rng init = Rng(2).split("init");
  return entry.make({.target = *problem.target,
                     .options = options,
                     .init = init,
                     .placement = torch::kDouble,
                     .planned_steps = planned_steps,
                     .reference = &problem.reference});
}

Json walk(Sampler& sampler, int64_t steps) {
  Rng rng(3);
  Json last;
  for (int64_t i = 0; i < steps; ++i) last = sampler.step(rng);
  return last;
}

TEST(EbFlowOnImages, AsksForTrainingDrawsAlone) {
  targets::Problem problem = blurred_grey(false);
  int64_t learnt = 0, judged = 0;
  const auto counting = [](auto& source, int64_t& count) {
    source = [draws = source, &count](int64_t n, Rng& rng) {
      count += n;
      return draws(n, rng);
    };
  };
  counting(problem.reference.training_draws, learnt);
  counting(problem.reference.exact_draws, judged);
  const auto sampler = make(problem, kGrey);
  walk(*sampler, 3);
  EXPECT_EQ(learnt, 3 * 64);
  EXPECT_EQ(judged, 0);
  problem.reference.training_draws = {};
  EXPECT_THAT(complaint([&] { make(problem, kGrey); }), HasSubstr("judged on"));
}

// The weights h / p have mean 1 at draws of p, h the uniform density of a box within, if and only if p is
// their density in units of the target.
TEST(EbFlowOnImages, DensityIsThatOfItsDraws) {
  const targets::Problem problem = blurred_grey(false);
  const auto sampler = make(problem, kGrey);
  walk(*sampler, 100);
  Rng rng(4);
  const Tensor x = sampler->draw(20000, rng);
  EXPECT_TRUE(x.gt(-1e-5).logical_and(x.lt(1 + 1e-5)).all().item<bool>());
  const auto weights = [&](const Tensor& log_density) {
    const Tensor inside = (x - 0.5).abs().amax(1).lt(0.1).to(torch::kDouble);
    return inside * (-log_density - 4 * std::log(0.2)).exp();
  };
  const Tensor log_density = sampler->log_density()(x);
  EXPECT_TRUE(mean_is(weights(log_density), 1));
  EXPECT_FALSE(mean_is(weights(log_density - 4 * std::log(256.0)), 1)) << "of grey levels in [0, 256)";
}

// Normal grey levels in independent pixels have the entropy 4 log(20 sqrt(2 pi e) / 256) in units of [0, 1].
TEST(EbFlowOnImages, LearnsGreyLevelsByLikelihoodAndByScores) {
  const targets::Problem problem = blurred_grey(false);
  Rng rng(5);
  const Tensor x = problem.reference.training_draws(2000, rng);
  const double entropy = 4 * std::log(20 * std::sqrt(2 * std::numbers::pi * std::numbers::e) / 256);
  for (const std::string objective : {"ml", "ssm"}) {
    const auto sampler = make(problem, with(kGrey, {{"objective", objective}}), 300);
    const auto nll = [&] { return -sampler->log_density()(x).mean().item<double>(); };
    EXPECT_GT(nll(), entropy + 1) << objective;
    walk(*sampler, 300);
    EXPECT_LT(nll(), entropy + 0.3) << objective;
  }
}

// Twice the same law: that of grey levels whose logits a flow takes, and that of their logits.
TEST(EbFlowOnImages, MatchingAfterTheLogitIsMatchingLogits) {
  const targets::Problem grey = blurred_grey(false), logits = blurred_grey(true);
  const targets::TestPoints in_grey = grey.reference.images->test_points(20),
                            in_logits = logits.reference.images->test_points(20);
  for (const std::string objective : {"ml", "ssm", "dsm", "fdssm"}) {
    const Json options = with(kGrey, {{"objective", objective}});
    const auto of_grey = make(grey, options), of_logits = make(logits, with(options, {{"alpha", 0.0}}));
    walk(*of_grey, 5);
    walk(*of_logits, 5);
    const Tensor first = of_grey->log_density()(in_grey.points) + in_grey.log_slope,
                 second = of_logits->log_density()(in_logits.points) + in_logits.log_slope;
    EXPECT_TRUE(torch::allclose(first, second, 1e-8, 1e-8)) << objective;
    EXPECT_FALSE(torch::allclose(first, second - in_logits.log_slope, 1e-3, 1e-3)) << "slope left out";
  }
}

// Likelihood does not see the preparation, up to a constant; scores do. Of dark images, whose logits change
// fast.
TEST(EbFlowOnImages, MatchingGreyLevelsChangesScoreMatchingAlone) {
  const targets::Problem problem = targets::image_draws(numbered_images(), {});
  const Tensor x = problem.reference.images->test_points(20).points;
  const auto difference = [&](const std::string& objective) {
    const Json options = with(kGrey, {{"objective", objective}, {"clip", 0.0}});
    const auto after = make(problem, options), before = make(problem, with(options, {{"map", false}}));
    walk(*after, 20);
    walk(*before, 20);
    return (after->log_density()(x) - before->log_density()(x)).abs().max().item<double>();
  };
  EXPECT_LT(difference("ml"), 1e-6);
  EXPECT_GT(difference("ssm"), 1e-3);
}

TEST(EbFlowOnImages, RatesFallAfterEachPassUpToTheMilestone) {
  const Json options = with(kGrey, {{"optimiser", "rmsprop"},
                                    {"decay", "passes"},
                                    {"gamma", 0.5},
                                    {"pass", 2},
                                    {"milestone", 3}});
  const targets::Problem problem = blurred_grey(false);
  const auto sampler = make(problem, options, /*planned_steps=*/0);
  Rng rng(6);
  for (const double rate : {1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25})
    EXPECT_EQ(sampler->step(rng).at("rate"), rate);
}

// The first update of RMSProp moves a weight by the rate over the root of 1 - 0.99, whatever its gradient;
// Adam's by the rate. W = -I and b = 1 are what a flow begins with.
TEST(EbFlowOnImages, IsUpdatedByTheOptimiserThatItIsTold) {
  const targets::Problem problem = blurred_grey(false);
  for (const auto& [optimiser, length] : std::map<std::string, double>{{"adam", 1}, {"rmsprop", 10}}) {
    const auto sampler =
        make(problem, with(kGrey, {{"optimiser", optimiser}, {"averaging", 0.0}, {"learning_rate", 1e-3}}));
    walk(*sampler, 1);
    Archive archive;
    sampler->save(archive);
    const Tensor weights = archive.get("trained");
    Tensor start = torch::ones({20}, torch::kDouble);
    start.slice(0, 0, 16).copy_(-torch::eye(4, torch::kDouble).flatten());
    EXPECT_TRUE(torch::allclose((weights - start).abs(), torch::full({20}, 1e-3 * length, torch::kDouble),
                                1e-3))
        << optimiser;
  }
}

TEST(EbFlowOnImages, WhatItSavesIsAFlowOfGreyLevels) {
  const targets::Problem problem = blurred_grey(false);
  const auto sampler = make(problem, kGrey);
  walk(*sampler, 3);
  Archive archive;
  sampler->save(archive);
  const targets::FlowModel model = targets::get_flow_model(archive, "a test");
  EXPECT_EQ(model.network->shape().pixel_alpha, 0.5);
  const Tensor x = problem.reference.images->test_points(5).points;
  const Tensor found = model.network->log_density(256 * x, model.network->unflatten(model.weights));
  EXPECT_TRUE(torch::allclose(found + 4 * std::log(256.0), sampler->log_density()(x), 1e-10, 1e-10));
  const auto loaded = make(problem, kGrey);
  loaded->load(archive);
  EXPECT_TRUE(torch::equal(loaded->log_density()(x), sampler->log_density()(x)));
  EXPECT_THAT(complaint([&] { make(problem, with(kGrey, {{"alpha", 0.6}}))->load(archive); }),
              HasSubstr("not of the sampler's options and target"));
  const targets::Problem plane = make_problem("gaussian");
  EXPECT_THAT(complaint([&] { make(plane, {{"network", "dense"}})->load(archive); }),
              HasSubstr("not of the sampler's options and target"));
}

TEST(EbFlowOnImages, RefusesWhatItCannotDo) {
  const targets::Problem plane = make_problem("gaussian"), grey = blurred_grey(false);
  const auto refused = [](const targets::Problem& problem, const Json& options) {
    return complaint([&] { walk(*make(problem, options), 1); });
  };
  EXPECT_EQ(refused(grey, kGrey), "");
  EXPECT_THAT(refused(plane, kGrey), HasSubstr("option 'alpha'"));
  EXPECT_THAT(refused(blurred_grey(true), kGrey), HasSubstr("option 'alpha'"));
  EXPECT_THAT(refused(plane, {{"map", false}}), HasSubstr("alpha other than 0"));
  EXPECT_THAT(refused(grey, with(kGrey, {{"optimiser", "sgd"}})), HasSubstr("one of rmsprop, adam"));
  EXPECT_THAT(refused(grey, with(kGrey, {{"optimiser", "rmsprop"}, {"beta1", 0.5}})),
              HasSubstr("optimiser=adam"));
  EXPECT_THAT(refused(grey, with(kGrey, {{"decay", "passes"}, {"final_rate", 0.5}})),
              HasSubstr("decay=cosine"));
  EXPECT_THAT(refused(grey, with(kGrey, {{"gamma", 0.5}})), HasSubstr("decay=passes"));
}

// A pool that holds what metrics compare with is refused by every learner, and training draws by none.
TEST(Learners, LearnFromTrainingDrawsWhereExactDrawsAreAPool) {
  targets::Problem grey = blurred_grey(false);
  for (const std::string name : {"ddpm-from-samples", "ebflow", "sliced-wasserstein-oracle"}) {
    const auto& entry = all_samplers().at(name);
    const Options options =
        Options::resolved(entry.options, samplerbench::testing::small_options(entry.options), name);
    const Rng init(7);
    const auto made = [&](const targets::Reference& reference) {
      return complaint([&] {
        const auto sampler = entry.make({.target = *grey.target,
                                         .options = options,
                                         .init = init,
                                         .placement = torch::kDouble,
                                         .planned_steps = 2,
                                         .reference = &reference});
        Rng rng(8);
        sampler->step(rng);
      });
    };
    EXPECT_EQ(made(grey.reference), "") << name;
    targets::Reference pooled = grey.reference;
    pooled.training_draws = {};
    EXPECT_THAT(made(pooled), HasSubstr("judged on")) << name;
  }
}

}  // namespace
}  // namespace samplerbench::samplers
