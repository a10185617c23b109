#include "targets/flow/flow_learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.h"
#include "core/nets/schedule.h"
#include "targets/flow/flow_objective.h"
#include "tests/statistics.h"
#include "tests/targets/flow_fixtures.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::kFalseAlarm;

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

FlowNetwork linear_flow() { return FlowNetwork{{.kind = "dense", .dim = 2, .layers = 1}}; }

FlowLearner make_learner(const FlowNetwork& network, double averaging, double learning_rate = 0.01,
                         double clip = 0) {
  Rng rng(1);
  const Tensor weights = network.initial_weights(rng, f64);
  return {network, weights, flow_optimiser("adam", weights, {.learning_rate = learning_rate, .clip = clip}),
          averaging};
}

// 1/2 |w|^2, whose gradient is w.
Tensor half_squares(const Weights& weights) {
  Tensor sum;
  for (const Tensor& weight : weights) {
    const Tensor one = weight.square().sum() / 2;
    sum = sum.defined() ? sum + one : one;
  }
  return sum;
}

Tensor not_a_number(const Weights& weights) {
  return half_squares(weights) * std::numeric_limits<double>::quiet_NaN();
}

// 0, with an infinite derivative.
Tensor infinitely_steep(const Weights& weights) { return (half_squares(weights) * 0).sqrt(); }

TEST(FlowLearner, AveragesWithAWarmUp) {
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0.5);
  Tensor expected = learner.weights().clone();
  for (int n = 1; n <= 12; ++n) {
    learner.step(half_squares, 1);
    const double kept = std::min(0.5, (1.0 + n) / (10.0 + n));
    expected = kept * expected + (1 - kept) * learner.weights();
    EXPECT_LT((learner.averaged() - expected).abs().max().item<double>(), 1e-14) << n;
  }
  EXPECT_GT((learner.averaged() - learner.weights()).abs().max().item<double>(), 1e-3);
}

TEST(FlowLearner, WithoutAveragingTheAverageIsTheWeights) {
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0);
  for (int n = 0; n < 3; ++n) learner.step(half_squares, 1);
  EXPECT_TRUE(torch::equal(learner.averaged(), learner.weights()));
}

TEST(FlowLearner, TellsLossAndGradient) {
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0);
  const double square = learner.weights().square().sum().item<double>();
  const Json told = learner.step(half_squares, 1);
  EXPECT_NEAR(told.at("loss").get<double>(), square / 2, 1e-12);
  EXPECT_NEAR(told.at("gradient").get<double>(), std::sqrt(square), 1e-12);
  EXPECT_EQ(told.at("skipped_steps"), 0);
}

// The rate is a factor of the learning rate: nothing moves at 0.
TEST(FlowLearner, GoesByTheRate) {
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0);
  const Tensor before = learner.weights().clone();
  learner.step(half_squares, 0);
  EXPECT_TRUE(torch::equal(learner.weights(), before));
  learner.step(half_squares, 1);
  EXPECT_FALSE(torch::equal(learner.weights(), before));
}

TEST(FlowLearner, SkipsWhatIsNotFiniteAndCountsIt) {
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0.9), undisturbed = make_learner(network, 0.9);
  learner.step(half_squares, 1);
  const Json last = undisturbed.step(half_squares, 1);
  for (const auto& loss : {not_a_number, infinitely_steep}) {
    const Tensor before = learner.weights().clone(), averaged = learner.averaged().clone();
    const Json told = learner.step(loss, 1);
    EXPECT_TRUE(torch::equal(learner.weights(), before));
    EXPECT_TRUE(torch::equal(learner.averaged(), averaged));
    EXPECT_EQ(told.at("loss"), last.at("loss")) << "of the last step that was not skipped";
  }
  EXPECT_EQ(learner.skipped_steps(), 2);
  // The optimiser has not seen them either.
  learner.step(half_squares, 1);
  undisturbed.step(half_squares, 1);
  EXPECT_TRUE(torch::equal(learner.weights(), undisturbed.weights()));
}

TEST(FlowLearner, TenSkippedStepsInARowAreADivergence) {
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0);
  for (int i = 0; i < 9; ++i) EXPECT_NO_THROW(learner.step(not_a_number, 1));
  learner.step(half_squares, 1);
  for (int i = 0; i < 9; ++i) EXPECT_NO_THROW(learner.step(not_a_number, 1));
  EXPECT_EQ(learner.skipped_steps(), 18);
  EXPECT_THROW(learner.step(not_a_number, 1), Diverged);
}

TEST(FlowLearner, GoesOnFromWhatItSaved) {
  const FlowNetwork network = linear_flow();
  FlowLearner first = make_learner(network, 0.9);
  first.step(half_squares, 1);
  first.step(not_a_number, 1);
  Archive archive;
  first.save(archive);
  FlowLearner second = make_learner(network, 0.9);
  second.load(Archive::parse(archive.serialise(), "a test"));
  EXPECT_EQ(second.skipped_steps(), 1);
  const Json one = first.step(half_squares, 1), other = second.step(half_squares, 1);
  EXPECT_EQ(one, other);
  EXPECT_TRUE(torch::equal(first.averaged(), second.averaged()));
  EXPECT_FALSE(torch::equal(first.averaged(), first.weights()));
}

// KL(N(m, S) || N(mean, covariance)) in the plane.
double gaussian_divergence(const Tensor& m, const Tensor& s, const Tensor& mean, const Tensor& covariance) {
  const Tensor inverse = at::linalg_inv(covariance), shift = mean - m;
  const double quadratic = shift.dot(inverse.mv(shift)).item<double>(),
               spread = inverse.mm(s).diagonal().sum().item<double>();
  return (spread - 2 + quadratic + std::log((at::det(covariance) / at::det(s)).item<double>())) / 2;
}

// Maximum likelihood on m draws of a correlated normal law. The least loss is known: that of the sample's own
// mean and covariance. There 2 m KL is chi-squared with five degrees of freedom for large m (Wilks 1938); a
// fifth is allowed for m = 400. What the optimiser leaves is to be a hundredth of the five halves over m that
// the draws leave.
TEST(FlowLearner, LearnsACorrelatedGaussianByLikelihood) {
  constexpr int64_t kDraws = 400, kSteps = 600;
  const Tensor mean = torch::tensor({0.5, -1.0}, f64),
               covariance = torch::tensor({1.0, 0.8, 0.8, 1.0}, f64).view({2, 2});
  Rng rng(2);
  const Tensor x = mean + rng.normal({kDraws, 2}, f64).mm(at::linalg_cholesky(covariance).t());
  const FlowNetwork network = linear_flow();
  FlowLearner learner = make_learner(network, 0.9, 0.05);
  const auto loss = [&](const Weights& weights) { return likelihood_loss(network, weights, x); };
  const double first = learner.step(loss, 1).at("loss").get<double>();
  for (int64_t i = 1; i < kSteps; ++i)
    learner.step(loss, half_cosine(static_cast<double>(i) / static_cast<double>(kSteps)));
  const Weights learned = network.unflatten(learner.averaged());

  const Tensor centred = x - x.mean(0), own = centred.t().mm(centred) / kDraws;
  const double least = 1 + std::log(2 * std::numbers::pi) + std::log(at::det(own).item<double>()) / 2;
  const double share_of_draws = 2.5 / static_cast<double>(kDraws);
  const double gap = loss(learned).item<double>() - least;
  EXPECT_GT(gap, -1e-9);
  EXPECT_LT(gap, 0.01 * share_of_draws);
  EXPECT_GT(first - least, share_of_draws) << "nothing was to be learned";

  const Tensor inverse = at::linalg_inv(learned[0]);
  const double divergence =
      gaussian_divergence(mean, covariance, -inverse.mv(learned[1]), inverse.mm(inverse.t()));
  const boost::math::chi_squared law(5);
  const double bound = boost::math::quantile(boost::math::complement(law, kFalseAlarm));
  EXPECT_LT(2 * static_cast<double>(kDraws) * divergence, 1.2 * bound);
}

}  // namespace
}  // namespace samplerbench::targets
