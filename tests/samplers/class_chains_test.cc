#include "samplers/learners/class_chains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "targets/energy/image_draws.h"
#include "tests/complaint.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"
#include "tests/tiny_images.h"

namespace samplerbench::samplers {
namespace {

using samplerbench::testing::all_samplers;
using samplerbench::testing::complaint;
using samplerbench::testing::kFalseAlarm;
using samplerbench::testing::kolmogorov_smirnov_p;
using samplerbench::testing::make_problem;
using samplerbench::testing::mean_is;
using samplerbench::testing::numbered_images;
using samplerbench::testing::with;
using ::testing::HasSubstr;

// Weights zero: f_k(x) = -|x - c|^2 / (2 s^2) of every class.
ClassChains normal_chains(double scale, const ClassChainSettings& settings) {
  const targets::ClassifierNetwork network({.dim = 3, .classes = 2, .hidden = {2}, .scale = scale});
  return {{network, torch::zeros({network.parameters()}, torch::kDouble)}, /*centre=*/0.5, settings};
}

Tensor labels_in_turn(int64_t n) { return torch::arange(n, torch::kLong).remainder(2); }

// With a = e / (2 s^2) a step is x - c -> (1 - a) (x - c) + sqrt(e) z, whose stationary variance is
// e / (1 - (1 - a)^2) = 2 s^2 / (2 - a): here 0.2632, against 0.25 of the density.
TEST(ClassChains, HaveTheVarianceOfUnadjustedLangevin) {
  const ClassChains chains = normal_chains(0.5, {.steps = 150, .step_size = 0.05});
  Rng rng(1);
  const Tensor x = chains.draws(labels_in_turn(20000), rng).flatten() - 0.5;
  EXPECT_TRUE(mean_is(x, 0));
  EXPECT_TRUE(mean_is(x.square(), 0.5 / 1.9));
  EXPECT_FALSE(mean_is(x.square(), 0.25)) << "the bias of the step size is not seen";
  const ClassChains wide = normal_chains(0.5, {.steps = 150, .step_size = 0.05, .start_sd = 5});
  EXPECT_TRUE(mean_is((wide.draws(labels_in_turn(5000), rng).flatten() - 0.5).square(), 0.5 / 1.9))
      << "the start is not forgotten";
}

// Nearly flat in the box: reflected steps leave the uniform law as it is.
TEST(ClassChains, AreReflectedAtTheWallsOfTheirBox) {
  ClassChainSettings settings{.steps = 150, .step_size = 0.05, .box = true};
  const auto uniform = [](double u) { return u; };
  Rng rng(2);
  const Tensor inside = normal_chains(1e4, settings).draws(labels_in_turn(3000), rng).flatten();
  EXPECT_TRUE(inside.ge(0).logical_and(inside.le(1)).all().item<bool>());
  EXPECT_GT(kolmogorov_smirnov_p(inside, uniform), kFalseAlarm);
  EXPECT_LT(kolmogorov_smirnov_p(inside.clamp(0.05, 0.95), uniform), kFalseAlarm);
  settings.box = false;
  const Tensor free = normal_chains(1e4, settings).draws(labels_in_turn(3000), rng).flatten();
  EXPECT_FALSE(free.ge(0).logical_and(free.le(1)).all().item<bool>());
}

// A step of ascent multiplies x - c by 1 - a / s^2.
TEST(ClassChains, AscentsClimbWithoutNoise) {
  const ClassChains chains = normal_chains(0.5, {.steps = 4, .ascent_step = 0.1});
  Rng rng(3), same(3);
  const Tensor ends = chains.ascents(labels_in_turn(50), rng);
  const Tensor start = 0.2 * same.normal({50, 3}, torch::kDouble);
  EXPECT_TRUE(torch::allclose(ends, 0.5 + std::pow(0.6, 4) * start, 1e-10, 1e-10));
}

TEST(ClassChains, SlopeIsTheGradientOfTheLabelsLogit) {
  const targets::ClassifierNetwork network({.dim = 3, .classes = 2, .hidden = {8, 8}, .scale = 2});
  Rng rng(4);
  const Tensor weights = rng.normal({network.parameters()}, torch::kDouble);
  const ClassChains chains({network, weights}, /*centre=*/0.3, {});
  const Tensor x = rng.uniform({20, 3}, torch::kDouble), labels = labels_in_turn(20);
  const auto logit = [&](const Tensor& at, const Tensor& of) {
    return chains.logits(at).gather(1, of.unsqueeze(1)).squeeze(1);
  };
  for (int64_t d = 0; d < 3; ++d) {
    const Tensor shift = torch::zeros({3}, torch::kDouble);
    shift[d] = 1e-5;
    const Tensor found = chains.slope(x, labels).select(1, d);
    const auto difference = [&](const Tensor& of) {
      return (logit(x + shift, of) - logit(x - shift, of)) / 2e-5;
    };
    EXPECT_TRUE(torch::allclose(found, difference(labels), 1e-5, 1e-6)) << d;
    EXPECT_FALSE(torch::allclose(found, difference(1 - labels), 1e-3, 1e-3)) << "of the other label";
  }
}

// Dark images, of grey levels below 20, are of class 0, and bright ones of class 1.
targets::Problem dark_and_bright() {
  targets::ImageData data = numbered_images();
  data.training_labels = torch::arange(60, torch::kLong).remainder(2);
  data.training = (data.training % 20 + 200 * data.training_labels.unsqueeze(1)).to(torch::kByte);
  data.test = (data.test % 20 + 200 * data.test_labels.unsqueeze(1)).to(torch::kByte);
  return targets::image_draws(data, {});
}

const Json kChains{{"draws", "langevin"}, {"centre", 0.5},        {"box", true}, {"width", 16},
                   {"depth", 2},          {"learning_rate", 0.01}, {"batch", 32}, {"chain_steps", 50}};

std::unique_ptr<Sampler> make(const targets::Problem& problem, const Json& given,
                              torch::ScalarType dtype = torch::kDouble) {
  const auto& entry = all_samplers().at("aligned-classifier");
  const Options options(entry.options, given, entry.name);
  const Rng init = Rng(5).split("init");
  return entry.make({.target = *problem.target,
                     .options = options,
                     .init = init,
                     .placement = torch::TensorOptions(dtype),
                     .planned_steps = 100,
                     .reference = &problem.reference});
}

void walk(Sampler& sampler, int64_t steps) {
  Rng rng(6);
  for (int64_t i = 0; i < steps; ++i) sampler.step(rng);
}

double accuracy_of(const Sampler& sampler, const targets::Problem& problem) {
  const targets::TestPoints test = problem.reference.images->test_points(500);
  const Tensor hits = sampler.class_model()->logits(test.points).argmax(1).eq(test.labels);
  return 100 * hits.to(torch::kDouble).mean().item<double>();
}

TEST(AlignedClassifierOfImages, LearnsFromTrainingImagesAndClimbsToTheirClasses) {
  targets::Problem problem = dark_and_bright();
  int64_t judged = 0;
  problem.reference.exact_draws = [draws = problem.reference.exact_draws, &judged](int64_t n, Rng& rng) {
    judged += n;
    return draws(n, rng);
  };
  const auto sampler = make(problem, with(kChains, {{"regulariser", "none"}}));
  EXPECT_LT(accuracy_of(*sampler, problem), 60);
  walk(*sampler, 100);
  EXPECT_EQ(accuracy_of(*sampler, problem), 100);
  EXPECT_EQ(judged, 0);
  Rng rng(7);
  const auto brightness = [&](int64_t label) {
    const Tensor labels = torch::full({50}, label, torch::kLong);
    return sampler->class_model()->ascents(labels, rng).mean().item<double>();
  };
  EXPECT_GT(brightness(1), brightness(0) + 0.2);
  EXPECT_FALSE(sampler->log_density());
  EXPECT_FALSE(sampler->law_score());
}

// Draws of chains that are told to make no noise are ascents.
TEST(AlignedClassifierOfImages, DrawsAreEndsOfChains) {
  const targets::Problem problem = dark_and_bright();
  const auto sampler = make(problem, kChains), silent = make(problem, with(kChains, {{"noise", false}}));
  walk(*sampler, 20);
  walk(*silent, 20);
  const auto draws_of = [](Sampler& one) {
    Rng rng(8);
    return one.draw(200, rng);
  };
  const Tensor noisy = draws_of(*sampler), climbed = draws_of(*silent);
  for (const Tensor& x : {noisy, climbed}) EXPECT_TRUE(x.ge(0).logical_and(x.le(1)).all().item<bool>());
  const auto again = [&](const std::function<Tensor(const Tensor&, Rng&)>& made) {
    Rng rng(8);
    const Tensor labels = rng.integers(2, {200}, torch::kLong);
    return made(labels, rng);
  };
  EXPECT_TRUE(torch::equal(noisy, again(sampler->class_model()->draws)));
  EXPECT_TRUE(torch::equal(climbed, again(silent->class_model()->ascents)));
  EXPECT_FALSE(torch::equal(noisy, climbed));
}

TEST(AlignedClassifierOfImages, IsDrawnFromAgainAfterSaving) {
  const targets::Problem problem = dark_and_bright();
  for (const auto dtype : {torch::kFloat, torch::kDouble}) {
    const Json options = with(kChains, {{"sigma", 0.1}});
    const auto sampler = make(problem, options, dtype), loaded = make(problem, options, dtype);
    walk(*sampler, 5);
    Archive archive;
    sampler->save(archive);
    loaded->load(Archive::parse(archive.serialise(), "a test"));
    Rng first(9), second(9);
    const Tensor draws = sampler->draw(20, first);
    EXPECT_EQ(draws.scalar_type(), dtype);
    EXPECT_TRUE(torch::equal(draws, loaded->draw(20, second)));
  }
}

TEST(AlignedClassifierOfImages, RefusesWhatItCannotDo) {
  const targets::Problem problem = dark_and_bright();
  const auto refused = [&](const Json& options, torch::ScalarType dtype = torch::kDouble) {
    return complaint([&] { make(problem, options, dtype); });
  };
  EXPECT_EQ(refused(kChains), "");
  EXPECT_THAT(refused(Json::object()), HasSubstr("draws = langevin takes any number"));
  EXPECT_THAT(refused(kChains, torch::kFloat), HasSubstr("'sigma' = 0.01"));
  EXPECT_EQ(refused(with(kChains, {{"sigma", 0.05}}), torch::kFloat), "");
  EXPECT_THAT(refused({{"noise", false}}), HasSubstr("draws=langevin"));
  EXPECT_THAT(refused(with(kChains, {{"grid", 64}})), HasSubstr("draws=grid"));
  EXPECT_THAT(refused(with(kChains, {{"step_size", 0.0}})), HasSubstr("step_size"));
}

// In the plane the centre moves the Gaussian factor alone: f(x) = g(x - c) - |x - c|^2 / (2 s^2).
TEST(AlignedClassifier, IsCentredInAGridToo) {
  const targets::Problem problem = make_problem("class-mixture", {{"class", "0"}});
  const auto sampler = make(problem, {{"centre", 0.7}, {"scale", 1.0}, {"width", 8}, {"grid", 64}});
  const LogDensity density = sampler->log_density();
  const auto at = [&](double x, double y) {
    return density(torch::tensor({x, y}, torch::kDouble).view({1, 2})).item<double>();
  };
  // Before the first step all logits are equal, and the factor is all.
  EXPECT_NEAR(at(0.7, 0.7) - at(-0.3, 0.7), 0.5, 1e-9);
  EXPECT_NEAR(at(0.7, 0.7) - at(0.7, 0.2), 0.125, 1e-9);
}

// The embedded digits, in float32 as experiments run by default.
TEST(AlignedClassifierOfImages, LearnsStrokes) {
  const targets::Problem problem = make_problem("image-data", {{"data", "strokes"}, {"features", ""}});
  const Json options = with(kChains, {{"width", 32},
                                      {"depth", 1},
                                      {"batch", 64},
                                      {"learning_rate", 3e-3},
                                      {"averaging", 0.9},
                                      {"chain_steps", 5},
                                      {"regulariser", "none"}});
  const auto sampler = make(problem, options, torch::kFloat);
  walk(*sampler, 60);
  EXPECT_GT(accuracy_of(*sampler, problem), 30) << "a tenth is right by chance";
  Rng rng(10);
  EXPECT_EQ(sampler->draw(3, rng).sizes(), at::IntArrayRef({3, 784}));
}

}  // namespace
}  // namespace samplerbench::samplers
