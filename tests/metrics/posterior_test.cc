#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "metrics/requirements.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

// Metrics of posteriors: predictions of held-out labels, errors of moments, agreement of chains with the
// truth.
namespace samplerbench::metrics {
namespace {

// A problem whose "draws" are the predicted probabilities of the test labels themselves.
targets::Problem predicting(const std::vector<double>& labels) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(static_cast<int64_t>(labels.size()))};
  problem.reference.test_set = {.labels = torch::tensor(labels, torch::kDouble),
                                .predict = [](const Tensor& draws) { return draws.mean(0); }};
  return problem;
}

Tensor row(const std::vector<double>& values) { return torch::tensor(values, torch::kDouble).unsqueeze(0); }

TEST(Predictive, AccuracyIsThePercentageAboveOneHalf) {
  const targets::Problem problem = predicting({1, 1, 0, 0});
  EXPECT_DOUBLE_EQ(judge("accuracy", {problem, row({0.9, 0.4, 0.2, 0.6})}), 50);
  // The probabilities are averaged before they are judged.
  const Tensor two = torch::cat({row({0.9, 0.4, 0.2, 0.6}), row({0.9, 0.8, 0.2, 0.2})});
  EXPECT_DOUBLE_EQ(judge("accuracy", {problem, two}), 100);
  EXPECT_DOUBLE_EQ(judge("accuracy_gap", {problem, row({0.9, 0.4, 0.2, 0.6}), two}), 50);
}

TEST(Predictive, LogPredictiveDensityIsTheMeanLogOfTheMean) {
  const targets::Problem problem = predicting({1, 0});
  const Tensor two = torch::cat({row({0.9, 0.4}), row({0.5, 0.2})});
  EXPECT_NEAR(judge("log_predictive_density", {problem, two}), (std::log(0.7) + std::log(0.7)) / 2, 1e-12);
  EXPECT_TRUE(std::isfinite(judge("log_predictive_density", {problem, row({0.0, 1.0})})));
}

TEST(Predictive, AProbabilityThatIsNotFiniteIsNoClass) {
  const targets::Problem problem = predicting({1, 0});
  const Tensor exact = row({0.9, 0.1});
  for (const std::string metric :
       {"accuracy", "accuracy_gap", "calibration_error", "log_predictive_density"}) {
    targets::Problem broken = predicting({1, 0});
    broken.reference.test_set->predict = [](const Tensor&) { return row({0.9, std::nan("")}).squeeze(0); };
    EXPECT_THROW(judge(metric, {broken, exact, exact}), CannotJudge) << metric;
    EXPECT_THROW(judge(metric, {problem, row({0.9, std::nan("")}), exact}), CannotJudge) << metric;
  }
}

TEST(Predictive, CalibrationErrorIsTheMeanGapOfItsBins) {
  const targets::Problem problem = predicting({1, 0, 1, 1});
  // Bins of width 1/2: {0.2, 0.4} with labels 0, 1 has a gap of |1 - 0.6|; {0.8, 1.0} with 1, 1 one of |2
  // - 1.8|.
  const Evidence evidence{problem, row({0.8, 0.2, 0.4, 1.0})};
  EXPECT_NEAR(judge("calibration_error", evidence, {{"bins", 2}}), (0.4 + 0.2) / 4, 1e-12);
}

// Labels that follow the predicted probabilities: the error is what chance makes of it, by the variance of
// each bin.
TEST(Predictive, CalibratedPredictionsHaveNoMoreThanChance) {
  Rng rng(4);
  const int64_t n = 100000, bins = 10;
  const Tensor p = rng.uniform({n}, torch::kDouble);
  const auto error = [&](const Tensor& chance) {
    const Tensor labels = (rng.uniform({n}, torch::kDouble) < chance).to(torch::kDouble);
    targets::Problem problem{.target = std::make_unique<StandardNormal>(1)};
    problem.reference.test_set = {.labels = labels, .predict = [p](const Tensor&) { return p; }};
    return judge("calibration_error", {problem, normals(1, 1, 1)}, {{"bins", bins}});
  };
  // Every bin's sum of n / bins terms of variance at most 1/4.
  const double bound =
      testing::z_bound(testing::kFalseAlarm, bins) * 0.5 * std::sqrt(static_cast<double>(bins) / n);
  EXPECT_LT(error(p), bound);
  EXPECT_GT(error(p * p), bound);
}

TEST(SquaredBias, IsInTrueVariances) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(2)};
  problem.reference.moments =
      targets::Moments{torch::tensor({1.0, 0.0}, torch::kDouble), torch::tensor({2.0, 1.0}, torch::kDouble)};
  const Tensor draws = torch::tensor({{1.0, -1.0}, {3.0, 1.0}}, torch::kDouble);  // means 2, 0
  const Tensor exact = torch::tensor({{0.0, 0.0}, {2.0, 2.0}}, torch::kDouble);   // squares of variance 4
  EXPECT_NEAR(judge("squared_bias", {problem, draws}, {{"of", "coordinates"}}), 0.25, 1e-12);
  EXPECT_NEAR(judge("squared_bias", {problem, draws}, {{"of", "coordinates"}, {"over", "average"}}), 0.125,
              1e-12);
  EXPECT_TRUE(make_metric("squared_bias")->skip({problem, draws})) << "of squares, no variance is known";
  // Second moments 5, 1 are true; those of twice the draws are 20, 4.
  EXPECT_NEAR(judge("squared_bias", {problem, draws, exact}), 0, 1e-12);
  EXPECT_NEAR(judge("squared_bias", {problem, 2 * draws, exact}), 15.0 * 15 / 4, 1e-12);
  EXPECT_NEAR(judge("squared_bias", {problem, 2 * draws, exact}, {{"over", "average"}}),
              (15.0 * 15 + 3 * 3) / 8, 1e-12);
}

TEST(SquaredBias, OfIndependentDrawsIsOneOverTheirNumber) {
  const targets::Problem problem = standard_normal_problem(3);
  const Tensor exact = normals(200000, 3, 1);
  std::vector<double> coordinates, squares;
  for (uint64_t seed = 10; seed < 410; ++seed) {
    const Evidence evidence{problem, normals(50, 3, seed), exact};
    coordinates.push_back(50 * judge("squared_bias", evidence, {{"of", "coordinates"}, {"over", "average"}}));
    squares.push_back(50 * judge("squared_bias", evidence, {{"over", "average"}}));
  }
  EXPECT_TRUE(testing::mean_is(torch::tensor(coordinates, torch::kDouble), 1, testing::kFalseAlarm, 2));
  EXPECT_TRUE(testing::mean_is(torch::tensor(squares, torch::kDouble), 1, testing::kFalseAlarm, 2));
  EXPECT_FALSE(testing::mean_is(torch::tensor(squares, torch::kDouble), 1.4));
}

TEST(PosteriorError, IsInTrueStandardDeviations) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(2)};
  problem.reference.moments =
      targets::Moments{torch::tensor({1.0, 0.0}, torch::kDouble), torch::tensor({2.0, 1.0}, torch::kDouble)};
  const Tensor draws = torch::tensor({{1.0, -1.0}, {3.0, 1.0}}, torch::kDouble);  // means 2, 0; sds sqrt 2
  const Evidence evidence{problem, draws};
  EXPECT_NEAR(judge("posterior_mean_error", evidence), 0.5, 1e-12);
  EXPECT_NEAR(judge("posterior_mean_error", evidence, {{"over", "average"}}), 0.25, 1e-12);
  const double first = 1 - std::sqrt(0.5), second = std::sqrt(2.0) - 1;
  EXPECT_NEAR(judge("posterior_sd_error", evidence), second, 1e-12);
  EXPECT_NEAR(judge("posterior_sd_error", evidence, {{"over", "average"}}), (first + second) / 2, 1e-12);
}

// A model of two parameters, scale = exp(x1) and effect = x2, and their sum, of which nothing is known.
targets::Parameters lognormal_parameters() {
  const double e = std::exp(1.0);
  targets::Parameters parameters{.coordinates = {"scale", "effect"}, .names = {"sum", "scale", "effect"}};
  parameters.values = [](const Tensor& x) {
    const Tensor scale = x.select(1, 0).exp(), effect = x.select(1, 1);
    return torch::stack({scale + effect, scale, effect}, 1);
  };
  parameters.known = torch::tensor({1, 2}, torch::kLong);
  parameters.moments = targets::Moments{torch::tensor({std::sqrt(e), 0.0}, torch::kDouble),
                                        torch::tensor({std::sqrt((e - 1) * e), 1.0}, torch::kDouble)};
  return parameters;
}

const Json kOfParameters{{"of", "parameters"}};

TEST(PosteriorError, IsOfParametersToo) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(2)};
  const Tensor draws = torch::tensor({{0.0, -1.0}, {std::log(3.0), 1.0}}, torch::kDouble);  // scales 1 and 3
  const auto metric = make_metric("posterior_mean_error", kOfParameters);
  EXPECT_TRUE(metric->skip({problem, draws}));
  problem.reference.parameters = lognormal_parameters();
  const Evidence evidence{problem, draws};
  EXPECT_FALSE(metric->skip(evidence));
  EXPECT_TRUE(make_metric("posterior_mean_error")->skip(evidence)) << "of coordinates, nothing is known";
  const double e = std::exp(1.0), sd = std::sqrt((e - 1) * e);
  EXPECT_NEAR(judge("posterior_mean_error", evidence, kOfParameters), (2 - std::sqrt(e)) / sd, 1e-12);
  EXPECT_NEAR(judge("posterior_sd_error", evidence, kOfParameters),
              std::max(std::abs(std::sqrt(2.0) / sd - 1), std::sqrt(2.0) - 1), 1e-12);
  EXPECT_THAT(metric->convention(), ::testing::HasSubstr("worst parameter"));
  EXPECT_THAT(make_metric("mean_z")->convention(), ::testing::HasSubstr("worst coordinate"));
}

TEST(PosteriorError, AParameterThatIsNotFiniteIsNotJudged) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(2)};
  problem.reference.parameters = lognormal_parameters();
  const Tensor draws = torch::tensor({{0.0, -1.0}, {1e4, 1.0}}, torch::kDouble);
  EXPECT_THROW(judge("posterior_mean_error", {problem, draws}, kOfParameters), CannotJudge);
}

// Autoregressive chains with mean 0 and sd 1: correlated draws, whose standard errors count the correlation.
Tensor autoregressive(int64_t chains, int64_t states, double correlation, uint64_t seed) {
  Rng rng(seed);
  const Tensor noise = rng.normal({states, chains, 2}, torch::kDouble);
  std::vector<Tensor> path{noise[0]};
  for (int64_t t = 1; t < states; ++t)
    path.push_back(correlation * path.back() + std::sqrt(1 - correlation * correlation) * noise[t]);
  return torch::stack(path, 1);
}

class MomentAgreementTest : public ::testing::Test {
 protected:
  MomentAgreementTest() {
    problem_.reference.moments =
        targets::Moments{torch::zeros({2}, torch::kDouble), torch::ones({2}, torch::kDouble)};
  }
  double z(const std::string& name, const Tensor& chains) {
    Evidence evidence{problem_, chains.reshape({-1, 2})};
    evidence.chains = chains;
    return judge(name, evidence);
  }

  targets::Problem problem_{.target = std::make_unique<StandardNormal>(2)};
  // Of two coordinates, with room for an effective sample size that is itself estimated.
  double bound_ = 1.15 * testing::z_bound(testing::kFalseAlarm, 2);
};

TEST_F(MomentAgreementTest, CorrelatedChainsOfTheTruthAgree) {
  const Tensor chains = autoregressive(8, 4000, 0.9, 6);
  EXPECT_LT(z("mean_z", chains), bound_);
  EXPECT_LT(z("sd_z", chains), bound_);
}

TEST_F(MomentAgreementTest, WrongMomentsDoNot) {
  const Tensor chains = autoregressive(8, 4000, 0.9, 6);
  EXPECT_GT(z("mean_z", chains + 0.2), bound_);
  EXPECT_GT(z("sd_z", chains * 1.15), bound_);
  EXPECT_LT(z("sd_z", chains + 5), bound_);
}

TEST_F(MomentAgreementTest, ChainsThatNeverMoveDoNot) {
  const Tensor chains = torch::zeros({8, 100, 2}, torch::kDouble);
  EXPECT_TRUE(std::isinf(z("mean_z", chains)));
  EXPECT_TRUE(std::isinf(z("sd_z", chains)));
}

TEST_F(MomentAgreementTest, ParametersOfTheTruthAgree) {
  problem_.reference.parameters = lognormal_parameters();
  const auto z_of_parameters = [&](const std::string& name, const Tensor& chains) {
    Evidence evidence{problem_, chains.reshape({-1, 2})};
    evidence.chains = chains;
    return judge(name, evidence, kOfParameters);
  };
  const Tensor chains = autoregressive(8, 4000, 0.9, 6);
  EXPECT_LT(z_of_parameters("mean_z", chains), bound_);
  EXPECT_LT(z_of_parameters("sd_z", chains), 2 * bound_);  // squares of a lognormal have heavy tails
  EXPECT_GT(z_of_parameters("mean_z", chains + 0.2), bound_);
  EXPECT_GT(z_of_parameters("sd_z", chains * 1.3), 2 * bound_);
}

TEST_F(MomentAgreementTest, TheTruthsOwnErrorCounts) {
  const Tensor chains = autoregressive(8, 4000, 0.9, 6) + 0.2;
  problem_.reference.moments->mean_error = torch::full({2}, 0.2, torch::kDouble);
  EXPECT_LT(z("mean_z", chains), 2);
}

}  // namespace
}  // namespace samplerbench::metrics
