#include "metrics/c2st.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "metrics/requirements.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kFolds = 5;
constexpr int64_t kMany = 40000;

// How far a held-out accuracy is from that of its classifiers, of n or more rows of each set, but with
// probability kFalseAlarm. The rows of a fold, n / kFolds of each set, are independent once its classifier is
// known. So its accuracy, the mean of the two shares, is sub-Gaussian about that of the classifier with
// variance kFolds / (8 n) at most (Hoeffding). The mean over folds is so too, however they depend on each
// other, since the moment generating function is convex. P(|error| > t) <= 2 exp(-4 n t^2 / kFolds).
double accuracy_bound(int64_t n) {
  return std::sqrt(static_cast<double>(kFolds) / (4 * static_cast<double>(n)) *
                   std::log(2 / testing::kFalseAlarm));
}

// What a fitted classifier of at most 6 coefficients loses to the best one of its kind on kMany rows: about
// coefficients / rows, a tenth of this.
constexpr double kFitLoss = 1e-3;

double told(const Tensor& x, const Tensor& y) {
  Rng rng(7);
  return held_out_accuracy(x, y, kFolds, 1, rng);
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// Coordinates, squares, and products too.
Tensor quadratic(const Tensor& x) { return quadratic_features(x, 200); }

TEST(C2st, FeaturesAreCoordinatesSquaresAndProducts) {
  const Tensor x = torch::tensor({2.0, 3.0, 5.0}, torch::kDouble).unsqueeze(0);
  EXPECT_TRUE(torch::equal(quadratic_features(x, 9),
                           torch::tensor({2.0, 3.0, 5.0, 4.0, 9.0, 25.0, 6.0, 10.0, 15.0}, torch::kDouble)
                               .unsqueeze(0)));
  EXPECT_TRUE(
      torch::equal(quadratic_features(x, 8),
                   torch::tensor({2.0, 3.0, 5.0, 4.0, 9.0, 25.0}, torch::kDouble).unsqueeze(0)));
}

// Of m numbers none is beyond sqrt(m - 1) of their standard deviations, which m - 1 equal ones and another
// reach.
TEST(C2st, NoExactDrawIsCutAndFarDrawsAre) {
  Tensor exact = torch::zeros({10, 2}, torch::kDouble);
  exact[3][0] = 1;
  const Tensor x = torch::tensor({-1e300, 1e300, 0.4, 0.0}, torch::kDouble).view({2, 2});
  EXPECT_NEAR(standardised_by(exact, exact)[3][0].item<double>(), 3, 1e-12);
  const Tensor found = standardised_by(x, exact);
  EXPECT_NEAR(found[0][0].item<double>(), -std::sqrt(10.0), 1e-12);
  EXPECT_NEAR(found[0][1].item<double>(), std::sqrt(10.0), 1e-12) << "of a constant coordinate";
  EXPECT_NEAR(found[1][0].item<double>(), 1, 1e-12) << "mean 0.1, standard deviation 0.3";
  EXPECT_EQ(found[1][1].item<double>(), 0);
  EXPECT_THROW(standardised_by(exact, 1e200 * exact), CannotJudge);
}

// The best rule between N(0, I) and N(m, I) is right with probability Phi(|m| / 2).
TEST(C2st, ShiftedNormalsAreToldAsOftenAsBayesRuleTellsThem) {
  const Tensor y = normals(kMany, 2, 1);
  for (const double shift : {0.5, 1.0, 2.0}) {
    Tensor x = normals(kMany, 2, 2);
    x.select(1, 0).add_(shift);
    EXPECT_NEAR(told(quadratic(x), quadratic(y)), normal_cdf(shift / 2), accuracy_bound(kMany) + kFitLoss)
        << shift;
    EXPECT_GT(normal_cdf(shift / 2) - 0.5, 2 * (accuracy_bound(kMany) + kFitLoss)) << "the bound is too wide";
  }
}

// As above, where one set is the smaller: to say always "exact" would be right of nine rows in ten.
TEST(C2st, SetsOfUnequalSizeCountTheSame) {
  const Tensor y = normals(9 * kMany, 1, 1), x = normals(kMany, 1, 2);
  EXPECT_NEAR(told(x + 1, y), normal_cdf(0.5), accuracy_bound(kMany) + kFitLoss);
  EXPECT_NEAR(told(x, y), 0.5, accuracy_bound(kMany));
}

TEST(C2st, EqualLawsAreNotToldApart) {
  EXPECT_NEAR(told(quadratic(normals(kMany, 2, 1)), quadratic(normals(kMany, 2, 2))), 0.5,
              accuracy_bound(kMany));
}

// With 45 coefficients for 64 rows a classifier tells nearly all rows that it was fitted to. Those that are
// held out it tells by chance, with mean exactly 0.5, since they have one law. In the control most of these
// have copies among the rows that it was fitted to.
TEST(C2st, IsNotJudgedByWhatItWasFittedTo) {
  std::vector<double> held_out, seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const Tensor x = quadratic(normals(40, 8, 2 * seed)), y = quadratic(normals(40, 8, 2 * seed + 1));
    Rng rng = Rng(seed).split("folds");
    held_out.push_back(held_out_accuracy(x, y, kFolds, 1, rng));
    seen.push_back(held_out_accuracy(x.repeat({2, 1}), y.repeat({2, 1}), kFolds, 1, rng));
  }
  EXPECT_TRUE(testing::mean_is(torch::tensor(held_out, torch::kDouble), 0.5));
  EXPECT_FALSE(testing::mean_is(torch::tensor(seen, torch::kDouble), 0.5));
  EXPECT_GT(torch::tensor(seen, torch::kDouble).mean().item<double>(), 0.6);
}

// N(0, 4) against N(0, 1): the best rule says the wide one where x^2 > 8 log(2) / 3. A linear rule has one
// threshold, at 0 but for chance: within 0.1 of 0 it gains less than 0.02.
TEST(C2st, SquaresShowTheScaleWhichCoordinatesAloneDoNot) {
  const Tensor y = normals(kMany, 1, 1), x = 2 * normals(kMany, 1, 2);
  const double edge = std::sqrt(8 * std::log(2.0) / 3);
  const double best = normal_cdf(edge) - normal_cdf(edge / 2) + 0.5;
  EXPECT_NEAR(told(quadratic(x), quadratic(y)), best, accuracy_bound(kMany) + kFitLoss);
  EXPECT_NEAR(told(x, y), 0.5, accuracy_bound(kMany) + 0.02);
  EXPECT_GT(best - 0.5, 3 * (accuracy_bound(kMany) + 0.02));
}

// A correlation of 0.8 between coordinates of equal laws. Bayes' rule, v^2 < 0.2554 + u^2 / 9 for u and v
// along and across the diagonal, tells 0.69. Squares alone have the same means in both sets: a rule of them
// follows a fluctuation, and tells 0.55 or so where it is lucky.
TEST(C2st, ProductsShowCorrelationWhichSquaresAloneDoNot) {
  const Tensor y = normals(kMany, 2, 1);
  Tensor x = normals(kMany, 2, 2);
  x.select(1, 1).mul_(0.6).add_(0.8 * x.select(1, 0));
  EXPECT_GT(told(quadratic(x), quadratic(y)), 0.65);
  EXPECT_LT(told(quadratic_features(x, 4), quadratic_features(y, 4)), 0.6);
}

// The blind spot. Two narrow peaks with the mean and the variance of N(0, 1): Bayes' rule tells 0.79. A rule
// of x and x^2 follows a fluctuation, c (x + 1 / r) (x - r), and tells 0.5 +- 0.09 whatever r is. Third and
// fourth powers show the peaks.
TEST(C2st, QuadraticFeaturesSeeNothingBeyondSecondMoments) {
  const Tensor y = normals(kMany, 1, 1);
  const Tensor x = 0.98 * normals(kMany, 1, 2).sign() + std::sqrt(1 - 0.98 * 0.98) * normals(kMany, 1, 3);
  EXPECT_LT(told(quadratic(x), quadratic(y)), 0.59 + accuracy_bound(kMany));
  EXPECT_GT(told(quadratic(quadratic(x)), quadratic(quadratic(y))), 0.7);
}

// Rows keep their folds, and a turn keeps the penalty.
TEST(C2st, DirectionsOfCoordinatesDoNotMatter) {
  const Tensor x = normals(500, 4, 1) + 0.3, y = normals(600, 4, 2);
  const Tensor turn = std::get<0>(at::linalg_qr(normals(4, 4, 3)));
  EXPECT_NEAR(told(x, y), told(x.mm(turn), y.mm(turn)), 1e-12);
}

TEST(C2st, OrderOfDrawsDoesNotMatter) {
  const targets::Problem problem = standard_normal_problem(3);
  const Tensor x = 1.2 * normals(500, 3, 1), y = normals(500, 3, 2);
  EXPECT_EQ(judge("c2st", {problem, x.index_select(0, Rng(5).permutation(500)), y}),
            judge("c2st", {problem, x, y}));
}

// The metric's own features, of 2,000 points at most.
TEST(C2st, JudgesDrawsByTheirMoments) {
  const targets::Problem problem = standard_normal_problem(3);
  const Tensor x = normals(3000, 3, 1), y = 10 * normals(3000, 3, 2) - 4;
  const double bound = accuracy_bound(2000);
  EXPECT_NEAR(judge("c2st", {problem, 10 * x - 4, y}), 0.5, bound);
  EXPECT_GT(judge("c2st", {problem, 20 * x - 4, y}), 0.5 + bound);
  EXPECT_GT(judge("c2st", {problem, 10 * x + 6, y}), 0.5 + bound);
  Tensor far = 10 * x - 4;
  far.slice(0, 2000).mul_(1e9);
  EXPECT_EQ(judge("c2st", {problem, far, y}), judge("c2st", {problem, 10 * x - 4, y})) << "beyond the first";
}

// All draws far from all exact ones, at every penalty and whatever the scale; and all points the same.
TEST(C2st, JudgesDrawsThatHaveCollapsed) {
  const targets::Problem problem = standard_normal_problem(2);
  const Tensor y = normals(200, 2, 1), point = torch::ones({200, 2}, torch::kDouble);
  for (const double place : {1e3, 1e150, 1e308})
    for (const double ridge : {1e-3, 1.0})
      EXPECT_EQ(judge("c2st", {problem, place * point, y}, {{"ridge", ridge}}), 1) << place << ", " << ridge;
  EXPECT_DOUBLE_EQ(judge("c2st", {problem, point, point}), 0.5);
}

TEST(C2st, SaysWhatIsMissing) {
  const targets::Problem problem = standard_normal_problem(2), wide = standard_normal_problem(1025);
  const auto skipped_for = [](const Evidence& evidence, const Json& options = Json::object()) {
    return make_metric("c2st", options)->skip(evidence).value_or("");
  };
  const Tensor x = normals(50, 2, 1);
  EXPECT_EQ(skipped_for({problem, x}), "needs exact draws");
  EXPECT_EQ(skipped_for({problem, x, x.slice(0, 0, 4)}), "needs at least 5 exact draws");
  EXPECT_EQ(skipped_for({problem, x.slice(0, 0, 9), x}, {{"folds", 10}}), "needs at least 10 draws");
  EXPECT_EQ(skipped_for({problem, x.slice(0, 0, 5), x.slice(0, 0, 5)}), "");
  const Tensor long_rows = normals(9, 1025, 1);
  EXPECT_NE(skipped_for({wide, long_rows, long_rows}).find("at most 1024 coordinates"), std::string::npos);
}

}  // namespace
}  // namespace samplerbench::metrics
