#include "samplers/learners/ebflow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "targets/flow/flow_target.h"
#include "tests/complaint.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using samplerbench::testing::all_samplers;
using samplerbench::testing::complaint;
using samplerbench::testing::make_problem;
using samplerbench::testing::mean_is;
using samplerbench::testing::means_agree;
using samplerbench::testing::with;
using ::testing::HasSubstr;

const std::vector<std::string> kObjectives{"ml", "sml", "ssm", "dsm", "fdssm"};

// A flow of one linear layer, which every normal law is.
const Json kLinear{
    {"network", "dense"}, {"layers", 1}, {"batch", 256}, {"averaging", 0.98}, {"learning_rate", 0.02}};
const Json kSmallCouplings{
    {"blocks", 2}, {"width", 16}, {"batch", 128}, {"learning_rate", 0.01}, {"averaging", 0.9}};

// `ebflow` on a planar target, whose exact draws are counted.
struct Trial {
  targets::Problem problem;
  int64_t asked = 0;  // draws of the target
  Meter meter;
  targets::MeteredTarget target;
  Options options;
  std::unique_ptr<Sampler> sampler;

  Trial(const std::string& target_name, const Json& given, int64_t planned_steps, uint64_t seed = 1)
      : problem(make_problem(target_name)), target(*problem.target, meter) {
    problem.reference.exact_draws = [this, draw = problem.reference.exact_draws](int64_t n, Rng& rng) {
      asked += n;
      return draw(n, rng);
    };
    sampler = make(given, planned_steps, seed);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  std::unique_ptr<Sampler> make(const Json& given, int64_t planned_steps, uint64_t seed) {
    const auto& entry = all_samplers().at("ebflow");
    options = Options(entry.options, given, entry.name);
    const Rng init = Rng(seed).split("init");
    return entry.make({.target = target,
                       .options = options,
                       .init = init,
                       .placement = torch::kFloat,
                       .planned_steps = planned_steps,
                       .reference = &problem.reference});
  }

  Json walk(int64_t steps, uint64_t seed) {
    Rng rng(seed);
    Json last;
    for (int64_t i = 0; i < steps; ++i) last = sampler->step(rng);
    return last;
  }
};

// The integral over the plane, by the trapezoidal rule on [-14, 14]^2.
double plane_integral(const LogDensity& log_density) {
  const Tensor axis = torch::linspace(-14, 14, 401, torch::kDouble);
  const auto grid = torch::meshgrid({axis, axis}, "ij");
  const Tensor x = torch::stack({grid[0].reshape({-1}), grid[1].reshape({-1})}, 1);
  return log_density(x).exp().sum().item<double>() * 0.07 * 0.07;
}

TEST(EbFlow, AsksForDrawsAndNothingElse) {
  for (const std::string& objective : kObjectives)
    for (const Json& network : {kLinear, kSmallCouplings}) {
      Trial trial("mog2", with(network, {{"objective", objective}, {"batch", 20}}), 10);
      const Json told = trial.walk(3, 2);
      for (const char* name : {"loss", "gradient", "skipped_steps", "rate"})
        EXPECT_TRUE(std::isfinite(told.at(name).get<double>())) << objective << " " << name;
      EXPECT_EQ(trial.asked, 60) << objective;
      Rng rng(3);
      trial.sampler->draw(10, rng);
      trial.sampler->log_density()(torch::zeros({5, 2}));
      trial.sampler->law_score()(torch::zeros({5, 2}));
      EXPECT_EQ(trial.meter.score + trial.meter.density + trial.meter.hessian_vector, 0) << objective;
      EXPECT_EQ(trial.asked, 60) << objective;
    }
}

// 2,000 draws see a shift of 1 / sqrt(2000) sd as one standard error; training, and the noise of dsm, leave a
// fraction of that. The spread is that of the narrow direction, which only a correlated law has.
TEST(EbFlow, LearnsTheGaussianByEveryObjective) {
  const auto spread = [](const Tensor& x) { return (x.select(1, 0) - x.select(1, 1)).square(); };
  for (const std::string& objective : kObjectives) {
    const int64_t steps = objective == "dsm" ? 2000 : 400;  // its gradient is the noisiest
    Trial trial("gaussian", with(kLinear, {{"objective", objective}}), steps);
    Rng rng(3);
    const Tensor y = trial.problem.reference.exact_draws(2000, rng);
    const Tensor untrained = trial.sampler->draw(2000, rng).to(torch::kDouble);
    EXPECT_FALSE(means_agree(untrained, y)) << objective;
    EXPECT_FALSE(means_agree(spread(untrained), spread(y))) << objective;
    trial.walk(steps, 4);
    const Tensor x = trial.sampler->draw(2000, rng).to(torch::kDouble);
    EXPECT_TRUE(means_agree(x, y)) << objective;
    EXPECT_TRUE(means_agree(x.square(), y.square())) << objective;
    EXPECT_TRUE(means_agree(spread(x), spread(y))) << objective;
  }
}

// The weights narrow / p have mean 1 at draws of p whatever the training did, if and only if p is their
// density.
TEST(EbFlow, DensityIsThatOfItsDrawsWhileTraining) {
  Trial trial("mog2", kSmallCouplings, 150);
  trial.walk(60, 5);
  const LogDensity log_density = trial.sampler->log_density();
  EXPECT_NEAR(plane_integral(log_density), 1, 1e-4);
  Rng rng(6);
  const Tensor x = trial.sampler->draw(20000, rng).to(torch::kDouble);
  // A narrow normal law keeps the weights bounded.
  const auto narrow = [](const Tensor& at) {
    return (-2 * at.square().sum(1) - std::log(std::numbers::pi / 2)).exp();
  };
  EXPECT_TRUE(mean_is(narrow(x) / log_density(x).exp(), 1));
  EXPECT_FALSE(mean_is(narrow(1.2 * x) / log_density(x).exp(), 1)) << "draws stretched without their density";
}

// The modes of mog2 are at (-2, 0) and (2, 0), with variances of 1/2: its own variances are 4.5 and 0.5, and
// the normal law with these is 1/2 log(4.5 / 0.5) - log 2 away from it in divergence, up to the overlap of
// the modes.
TEST(EbFlow, CouplingsLearnMoreThanTheBestNormalLaw) {
  Trial trial("mog2", kSmallCouplings, 400);
  Rng rng(7);
  const Tensor y = trial.problem.reference.exact_draws(20000, rng);
  const auto divergence = [&] {
    const Tensor gap = trial.problem.target->log_density(y) - trial.sampler->log_density()(y);
    return gap.mean().item<double>() - *trial.problem.reference.log_z;
  };
  const double normal = std::log(4.5 / 0.5) / 2 - std::log(2.0);
  EXPECT_GT(divergence(), 2 * normal);
  trial.walk(400, 8);
  EXPECT_LT(divergence(), normal);
}

TEST(EbFlow, LawScoreIsTheGradientOfItsLogDensity) {
  for (const Json& network : {kLinear, kSmallCouplings}) {
    Trial trial("mog2", network, 20);
    trial.walk(10, 9);
    const LogDensity log_density = trial.sampler->log_density();
    const LawScore score = trial.sampler->law_score();
    Rng rng(10);
    const Tensor x = rng.normal({20, 2}, torch::kDouble), found = score(x);
    for (int64_t j = 0; j < 2; ++j) {
      const Tensor shift = torch::zeros({2}, torch::kDouble);
      shift[j] = 1e-5;
      const Tensor expected = (log_density(x + shift) - log_density(x - shift)) / 2e-5;
      EXPECT_LT((found.select(1, j) - expected).abs().max().item<double>(), 1e-6);
    }
  }
}

TEST(EbFlow, ItsLawOutlivesStepsAndIsInFloat64) {
  Trial trial("gaussian", kSmallCouplings, 20);
  const LogDensity log_density = trial.sampler->log_density();
  const LawScore score = trial.sampler->law_score();
  const Tensor x = torch::tensor({0.5f, -0.2f, 1.0f, 2.0f}, torch::kFloat).view({2, 2});
  const Tensor value = log_density(x), slope = score(x);
  EXPECT_EQ(value.scalar_type(), torch::kDouble);
  EXPECT_EQ(slope.scalar_type(), torch::kDouble);
  EXPECT_FALSE(value.requires_grad() || slope.requires_grad());
  trial.walk(20, 11);
  EXPECT_TRUE(torch::equal(log_density(x), value));
  EXPECT_TRUE(torch::equal(score(x), slope));
  EXPECT_FALSE(torch::equal(trial.sampler->log_density()(x), value));
}

// m draws are made once; steps of m draws or more see them all, whatever their stream is.
TEST(EbFlow, TrainsOnSoManyDrawsWhereItIsTold) {
  const Json linear = with(kLinear, {{"training_draws", 40}});
  Trial few("gaussian", linear, 20);
  EXPECT_EQ(few.asked, 40);
  const Json told = few.walk(5, 12);
  EXPECT_EQ(few.asked, 40);
  EXPECT_EQ(Trial("gaussian", linear, 20).walk(5, 13), told) << "all draws at every step";
  EXPECT_NE(Trial("gaussian", linear, 20, /*seed=*/2).walk(5, 12), told) << "another seed, other draws";
  EXPECT_EQ(Trial("gaussian", with(linear, {{"learning_rate", 0.001}}), 20).walk(1, 12).at("loss"),
            Trial("gaussian", linear, 20).walk(1, 12).at("loss"))
      << "the draws are those of the seed";
  const Json small_batches = with(linear, {{"batch", 10}});
  EXPECT_NE(Trial("gaussian", small_batches, 20).walk(5, 12),
            Trial("gaussian", small_batches, 20).walk(5, 13))
      << "batches at random";
  EXPECT_EQ(Trial("gaussian", kLinear, 20).asked, 0);
}

TEST(EbFlow, WhatItSavesIsAModelOfATarget) {
  for (const Json& network : {kLinear, kSmallCouplings}) {
    Trial trial("mog2", network, 20);
    trial.walk(10, 14);
    Archive archive;
    trial.sampler->save(archive);
    const targets::Problem problem = targets::flow_problem(
        targets::get_flow_model(Archive::parse(archive.serialise(), "a test"), "a test"));
    Rng rng(15);
    const Tensor x = rng.normal({20, 2}, torch::kDouble);
    const Tensor found = problem.target->log_density(x) - *problem.reference.log_z;
    EXPECT_LT((found - trial.sampler->log_density()(x)).abs().max().item<double>(), 1e-9);
  }
}

TEST(EbFlow, RefusesWhatItCannotDo) {
  const auto refused = [](const Json& given) {
    return complaint([&] { Trial("gaussian", given, 10).walk(1, 16); });
  };
  EXPECT_EQ(refused(kLinear), "");
  EXPECT_THAT(refused({{"training_draws", 1}}), HasSubstr("a whole number of 2 or more, or 0"));
  EXPECT_EQ(refused(with(kLinear, {{"training_draws", 2}})), "");
  EXPECT_THAT(refused({{"training_draws", -1}}), HasSubstr("training_draws"));
  EXPECT_THAT(refused({{"objective", "mle"}}), HasSubstr("objective"));
  EXPECT_THAT(refused({{"sigma", 0.5}}), HasSubstr("objective=dsm"));
  EXPECT_THAT(refused({{"layers", 3}}), HasSubstr("network=dense"));
  EXPECT_THAT(refused({{"network", "dense"}, {"width", 3}}), HasSubstr("network=coupling"));
  EXPECT_THAT(complaint([] { Trial("gaussian", kLinear, 0).walk(1, 16); }), HasSubstr("'decay_steps'"));
}

TEST(EbFlow, RefusesATargetWithoutFreshDraws) {
  Trial trial("gaussian", kLinear, 10);
  trial.problem.reference.pool = 1000;
  EXPECT_THAT(complaint([&] { trial.make(kLinear, 10, 1); }), HasSubstr("judged on"));
  trial.problem.reference.pool = 0;
  EXPECT_EQ(complaint([&] { trial.make(kLinear, 10, 1); }), "");
  trial.problem.reference.exact_draws = {};
  EXPECT_THAT(complaint([&] { trial.make(kLinear, 10, 1); }), HasSubstr("exact draws"));
}

TEST(EbFlow, NeedsTwoCoordinatesForCouplings) {
  const samplerbench::testing::FunctionTarget line = samplerbench::testing::standard_normal(1);
  targets::Reference reference;
  reference.exact_draws = [](int64_t n, Rng& rng) { return rng.normal({n, 1}, torch::kDouble); };
  const auto& entry = all_samplers().at("ebflow");
  const Rng init(17);
  const auto made = [&](const Json& given) {
    const Options options(entry.options, given, entry.name);
    const auto sampler = entry.make({.target = line,
                                     .options = options,
                                     .init = init,
                                     .placement = torch::kFloat,
                                     .planned_steps = 5,
                                     .reference = &reference});
    Rng rng(18);
    sampler->step(rng);
    EXPECT_EQ(sampler->draw(7, rng).sizes(), (std::vector<int64_t>{7, 1}));
  };
  EXPECT_THAT(complaint([&] { made(Json::object()); }), HasSubstr("two coordinates"));
  EXPECT_EQ(complaint([&] { made({{"network", "dense"}}); }), "");
}

TEST(EbFlow, RefusesAnArchiveOfAnotherShape) {
  Archive archive;
  Trial("gaussian", kSmallCouplings, 5).sampler->save(archive);
  Trial same("gaussian", kSmallCouplings, 5), other("gaussian", with(kSmallCouplings, {{"width", 17}}), 5);
  EXPECT_NO_THROW(same.sampler->load(archive));
  EXPECT_THROW(other.sampler->load(archive), InputError);
}

// Draws after a load are those of what was loaded, not of an inverse that was kept.
TEST(EbFlow, DrawsFollowStepsAndLoads) {
  Trial trial("gaussian", kLinear, 20), loaded("gaussian", kLinear, 20);
  const auto drawn = [](Sampler& sampler) {
    Rng rng(19);
    return sampler.draw(5, rng);
  };
  const Tensor first = drawn(*trial.sampler);
  EXPECT_TRUE(torch::equal(drawn(*loaded.sampler), first));
  trial.walk(3, 20);
  const Tensor second = drawn(*trial.sampler);
  EXPECT_FALSE(torch::equal(first, second));
  Archive archive;
  trial.sampler->save(archive);
  loaded.sampler->load(archive);
  EXPECT_TRUE(torch::equal(drawn(*loaded.sampler), second));
}

// A target whose draws are not numbers: each step is counted, and the tenth ends the run.
TEST(EbFlow, SkipsStepsWithoutANumberAndGivesUp) {
  Trial trial("gaussian", kLinear, 50);
  trial.walk(1, 21);
  trial.problem.reference.exact_draws = [](int64_t n, Rng&) {
    return torch::full({n, 2}, std::nan(""), torch::kDouble);
  };
  const auto lost = trial.make(kLinear, 50, 1);
  Rng rng(22);
  for (int i = 1; i <= 9; ++i) EXPECT_EQ(lost->step(rng).at("skipped_steps"), i);
  EXPECT_THROW(lost->step(rng), Diverged);
}

}  // namespace
}  // namespace samplerbench::samplers
