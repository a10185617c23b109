#include "samplers/learners/aligned_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/row_cosines.h"
#include "targets/classifier/class_mixture.h"
#include "tests/complaint.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::Box;
using samplers::GridLaw;
using ::testing::HasSubstr;

Box box(double left, double right, double bottom, double top) {
  return {torch::tensor({left, bottom}, torch::kDouble), torch::tensor({right, top}, torch::kDouble)};
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// The mass of class 0 of class-mixture, centres (-1.7, 0) and (-0.9, 1.3) and standard deviation 0.5, in the
// rectangle from (x, y) to (x + w, y + h).
double mass_of_class_0(double x, double y, double w, double h) {
  const auto between = [](double from, double to, double centre) {
    return normal_cdf((to - centre) / 0.5) - normal_cdf((from - centre) / 0.5);
  };
  return 0.5 * between(x, x + w, -1.7) * between(y, y + h, 0) +
         0.5 * between(x, x + w, -0.9) * between(y, y + h, 1.3);
}

// Pearson's test of draws [n, 2] against these masses: 15 x 15 cells from (-4, -2.5) on, and all the rest.
double p_against_class_0(const Tensor& draws) {
  constexpr int64_t kSide = 15;
  const double width = 0.4;
  const Tensor cells =
      ((draws - torch::tensor({-4.0, -2.5}, torch::kDouble)) / width).floor().to(torch::kLong);
  const Tensor inside = torch::logical_and(cells >= 0, cells < kSide).all(1);
  const Tensor place = torch::where(inside, cells.select(1, 0) * kSide + cells.select(1, 1),
                                    torch::full({draws.size(0)}, kSide * kSide, torch::kLong));
  std::vector<double> masses;
  double rest = 1;
  for (int64_t i = 0; i < kSide; ++i)
    for (int64_t j = 0; j < kSide; ++j) {
      masses.push_back(mass_of_class_0(-4 + width * static_cast<double>(i),
                                       -2.5 + width * static_cast<double>(j), width, width));
      rest -= masses.back();
    }
  masses.push_back(rest);
  return chi_squared_p(torch::bincount(place, {}, kSide * kSide + 1), torch::tensor(masses, torch::kDouble));
}

GridLaw law_of_class_0(int64_t cells) {
  const std::shared_ptr<const targets::Target> target = targets::class_mixture(0).target;
  return {[target](const Tensor& x) { return target->log_density(x) + 3; }, box(-7, 4, -5, 6), cells};
}

TEST(GridLaw, KnowsItsNormalisingConstant) {
  const GridLaw law = law_of_class_0(200);
  EXPECT_NEAR(law.log_z(), 3, 1e-8);
  const Tensor x = torch::tensor({-1.0, 0.5, 5.0, 0.5}, torch::kDouble).view({2, 2});
  const Tensor values = law.log_density(x);
  EXPECT_NEAR(values[0].item<double>(), targets::class_mixture(0).target->log_density(x)[0].item<double>(),
              1e-8);
  EXPECT_EQ(values[1].item<double>(), -std::numeric_limits<double>::infinity()) << "outside of the box";
}

TEST(GridLaw, DrawsFromItsDensity) {
  Rng rng(1);
  const Tensor draws = law_of_class_0(256).draw(40000, rng);
  EXPECT_GT(p_against_class_0(draws), kFalseAlarm);
  EXPECT_LT(p_against_class_0(1.03 * draws), kFalseAlarm);
  Rng coarse(1);
  EXPECT_LT(p_against_class_0(law_of_class_0(16).draw(40000, coarse)), kFalseAlarm)
      << "a grid that is too coarse";
}

// exp(3 x_1) on [-1, 1] x [0, 2], whose mass lies at an edge of the box.
TEST(GridLaw, IsCutAtTheEdgesOfItsBox) {
  const GridLaw law([](const Tensor& x) { return 3 * x.select(1, 0); }, box(-1, 1, 0, 2), 256);
  EXPECT_NEAR(law.log_z(), std::log(2 * (std::exp(3) - std::exp(-3)) / 3), 1e-4);
  Rng rng(2);
  const Tensor draws = law.draw(20000, rng), first = draws.select(1, 0), second = draws.select(1, 1);
  const auto growing = [](double x) {
    return (std::exp(3 * x) - std::exp(-3)) / (std::exp(3) - std::exp(-3));
  };
  EXPECT_GT(kolmogorov_smirnov_p(first, growing), kFalseAlarm);
  EXPECT_LT(kolmogorov_smirnov_p(second - 1, growing), kFalseAlarm);
  EXPECT_GT(kolmogorov_smirnov_p(second, [](double x) { return x / 2; }), kFalseAlarm);
}

TEST(GridLaw, IsNotLostToUnderflow) {
  const GridLaw law([](const Tensor& x) { return -1e5 * (x - 0.3).square().sum(1); }, box(-9, 9, -9, 9), 64);
  Rng rng(3);
  const Tensor draws = law.draw(1000, rng);
  EXPECT_LT((draws - 0.3).abs().max().item<double>(), 18.0 / 64);
  EXPECT_THROW(GridLaw([](const Tensor& x) { return x.select(1, 0).log(); }, box(-1, 1, -1, 1), 16),
               Diverged);
}

std::unique_ptr<samplers::Sampler> make(const targets::Problem& problem, const Json& options,
                                        int64_t steps = 400) {
  const auto& entry = all_samplers().at("aligned-classifier");
  const Options resolved(entry.options, options, "test");
  const Rng init = Rng(4).split("init");
  return entry.make({.target = *problem.target,
                     .options = resolved,
                     .init = init,
                     .placement = torch::kDouble,
                     .planned_steps = steps,
                     .reference = &problem.reference});
}

targets::Problem of_class(const std::string& word) {
  return make_problem("class-mixture", {{"class", word}});
}

Json quick(const std::string& regulariser) {
  return {{"width", 32},
          {"depth", 2},
          {"learning_rate", 0.01},
          {"averaging", 0.97},
          {"regulariser", regulariser}};
}

// How a trained classifier's score of the law compares with that of the target at exact draws.
struct Alignment {
  double cosine, divergence, accuracy;
};

Alignment trained(const targets::Problem& problem, const Json& options) {
  const auto sampler = make(problem, options);
  Rng rng(5), exact(6);
  Json diagnostics;
  for (int64_t step = 0; step < 400; ++step) diagnostics = sampler->step(rng);
  const Tensor x = problem.reference.exact_draws(2000, exact);
  const Tensor truth = problem.target->value_and_score(x).score, found = sampler->law_score()(x);
  return {.cosine = row_cosines(found, truth).mean().item<double>(),
          .divergence = (found - truth).square().sum(1).mean().item<double>() / 2,
          .accuracy = diagnostics.at("accuracy").get<double>()};
}

TEST(AlignedClassifier, LearnsTheScoreOfAClassByScoreMatchingAlone) {
  const targets::Problem problem = of_class("1");
  Json matched = quick("score");
  matched.update({{"trace", "exact"}, {"lambda", 1.0}});
  const Alignment aligned = trained(problem, matched), plain = trained(problem, quick("none"));
  EXPECT_GT(aligned.cosine, plain.cosine + 0.2);
  EXPECT_LT(aligned.divergence, 0.5 * plain.divergence);
  EXPECT_GT(aligned.accuracy, 90);
  EXPECT_GT(plain.accuracy, 90);
}

// By central differences, where the target stands for all points.
TEST(AlignedClassifier, StandsForAllPointsWhereTheTargetDoes) {
  const auto all = make(of_class("all"), quick("score"), 5), one = make(of_class("0"), quick("score"), 5);
  for (const auto& sampler : {all.get(), one.get()}) {
    Rng rng(7);
    for (int64_t step = 0; step < 5; ++step) sampler->step(rng);
  }
  Rng rng(8);
  const Tensor x = rng.normal({20, 2}, torch::kDouble);
  const LogDensity density = all->log_density();
  for (int64_t d = 0; d < 2; ++d) {
    Tensor above = x.clone(), below = x.clone();
    above.select(1, d).add_(1e-5);
    below.select(1, d).sub_(1e-5);
    const Tensor slope = (density(above) - density(below)) / 2e-5;
    EXPECT_TRUE(torch::allclose(all->law_score()(x).select(1, d), slope, 1e-5, 1e-6)) << d;
    EXPECT_FALSE(torch::allclose(one->law_score()(x).select(1, d), slope, 1e-5, 1e-6)) << d;
  }
}

TEST(AlignedClassifier, TakesATargetWithoutClassesForOneClass) {
  const targets::Problem problem = make_problem("gaussian");
  const auto sampler = make(problem, quick("score"), 30);
  Rng rng(9);
  Json diagnostics;
  for (int64_t step = 0; step < 30; ++step) diagnostics = sampler->step(rng);
  EXPECT_EQ(diagnostics.at("accuracy"), 100);
  EXPECT_EQ(diagnostics.at("cross_entropy"), 0);
  EXPECT_TRUE(diagnostics.contains("trace"));
}

TEST(AlignedClassifier, TellsWhatItsRegulariserNeeds) {
  const targets::Problem problem = of_class("0");
  const auto told = [&](const std::string& regulariser) {
    Rng rng(10);
    return make(problem, quick(regulariser))->step(rng);
  };
  EXPECT_FALSE(told("none").contains("trace") || told("none").contains("logit_gradient"));
  EXPECT_TRUE(told("anti-score").contains("trace"));
  EXPECT_TRUE(told("gradient-norm").contains("logit_gradient"));
}

TEST(AlignedClassifier, RefusesWhatItCannotLearnFrom) {
  const auto of = [](const targets::Problem& problem) {
    return complaint([&] { make(problem, Json::object()); });
  };
  EXPECT_EQ(of(of_class("0")), "");
  EXPECT_THAT(of(make_problem("many-well-32")), HasSubstr("32 coordinates"));
  targets::Problem blind = make_problem("mog2"), pooled = make_problem("mog2");
  blind.reference.exact_draws = nullptr;
  pooled.reference.pool = 100;
  EXPECT_THAT(of(blind), HasSubstr("needs exact draws"));
  EXPECT_THAT(of(pooled), HasSubstr("kept draws"));
  EXPECT_THAT(complaint([] {
                make(of_class("0"), {{"sigma", 0.1}, {"trace", "exact"}});
              }),
              HasSubstr("sigma"));
}

}  // namespace
}  // namespace samplerbench::testing
