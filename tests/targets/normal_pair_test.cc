#include "targets/diffusion/normal_pair.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.h"
#include "targets/diffusion/rare_mode.h"
#include "targets/diffusion/score_decoy.h"
#include "targets/strata.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// The hard instances on the line, and points by strata.
namespace samplerbench::testing {
namespace {

using targets::DecoyThreshold;
using targets::NormalPair;
using targets::Strata;

// The trapezoidal rule: exact to rounding for smooth functions that vanish at both ends, where steps are at
// most a fifth of their finest length.
double integral(const Tensor& values, const Tensor& x) {
  return torch::trapezoid(values, x, 0).item<double>();
}

// From 12 standard deviations below the lower mean to as many above the upper.
Tensor line_through(const NormalPair& pair, int64_t points) {
  const double low = std::min(pair.first_mean, pair.second_mean),
               high = std::max(pair.first_mean, pair.second_mean);
  return torch::linspace(low - 12 * pair.sd, high + 12 * pair.sd, points, torch::kDouble);
}

Tensor density_on(const Problem& problem, const Tensor& line) {
  return problem.target->log_density(line.unsqueeze(1)).exp();
}

std::vector<NormalPair> pairs() {
  return {targets::rare_mode(0.001, 1e4, 1), targets::rare_mode(0.3, 5, 0.8),
          targets::rare_mode(0.7, 2, 1.5)};
}

TEST(NormalPair, HasTheMassAndMomentsThatQuadratureGives) {
  for (const NormalPair& pair : pairs()) {
    const Problem problem = targets::normal_pair(pair);
    const Tensor x = line_through(pair, 200001), density = density_on(problem, x);
    const targets::Moments& moments = *problem.reference.moments;
    const double mean = integral(density * x, x),
                 deviation = std::sqrt(integral(density * (x - mean).square(), x));
    EXPECT_NEAR(integral(density, x), std::exp(*problem.reference.log_z), 1e-10);
    EXPECT_NEAR(mean, moments.mean.item<double>(), 1e-8 * (1 + std::abs(mean)));
    EXPECT_NEAR(deviation, moments.sd.item<double>(), 1e-8 * deviation);
  }
}

// Half a step of the rule, which the border of two modes cuts, has a mass of at most 4e-5.
TEST(NormalPair, WeighsItsModesByTheMassOfTheirHalfLines) {
  for (const NormalPair& pair : pairs()) {
    const Problem problem = targets::normal_pair(pair);
    const targets::Modes& modes = *problem.reference.modes;
    const Tensor x = line_through(pair, 200001), density = density_on(problem, x);
    const Tensor mode = modes.assign(x.unsqueeze(1));
    for (int64_t m = 0; m < 2; ++m)
      EXPECT_NEAR(integral(density * (mode == m).to(torch::kDouble), x), modes.weights[m].item<double>(),
                  4e-5);
  }
  // Where parts overlap, the mass of a half-line is not the weight of its part.
  const Tensor weights = targets::normal_pair(targets::rare_mode(0.7, 2, 1.5)).reference.modes->weights;
  EXPECT_GT(std::abs(weights[1].item<double>() - 0.7), 1e-2);
}

TEST(NormalPair, AssignsNothingThatIsFarFromBothMeans) {
  const Problem problem = targets::normal_pair(targets::rare_mode(0.001, 1e4, 1));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = torch::tensor({0.3, -9999.0, -5000.0, 50.0, nan}, torch::kDouble).unsqueeze(1);
  EXPECT_TRUE(
      torch::equal(problem.reference.modes->assign(x), torch::tensor({0, 1, -1, -1, -1}, torch::kLong)));
}

// log of the mean of q(x + sigma e) over e from N(0, 1), by quadrature.
Tensor blurred_on_the_line(const Problem& problem, const Tensor& x, const Tensor& sigma) {
  const Tensor e = torch::linspace(-9, 9, 1441, torch::kDouble);
  const Tensor log_weight = -e.square() / 2 + std::log(18.0 / 1440) - std::log(2 * std::numbers::pi) / 2;
  std::vector<Tensor> values;
  for (int64_t i = 0; i < x.size(0); ++i)
    values.push_back(
        (problem.target->log_density((x[i] + sigma[i] * e).unsqueeze(1)) + log_weight).logsumexp(0));
  return torch::stack(values);
}

TEST(NormalPair, NoisedIsItsConvolution) {
  for (const NormalPair& pair : pairs()) {
    const Problem problem = targets::normal_pair(pair);
    const Tensor x = examined_points(problem, 40), sigma = torch::linspace(0.1, 4, 40, torch::kDouble);
    const Tensor expected = blurred_on_the_line(problem, x, sigma);
    EXPECT_TRUE(torch::allclose(problem.target->noised_exactly(sigma)->log_density(x), expected, 1e-9, 1e-9));
    EXPECT_FALSE(
        torch::allclose(problem.target->noised_exactly(1.1 * sigma)->log_density(x), expected, 1e-3, 1e-3));
  }
}

// The distribution function of a mode: that of the pair on the mode's half-line, over its mass.
double mode_cdf(const NormalPair& pair, int64_t mode, double x) {
  const auto below = [&](double at) {
    const auto normal = [&](double mean) {
      return std::erfc((mean - at) / (pair.sd * std::numbers::sqrt2)) / 2;
    };
    return pair.first_weight() * normal(pair.first_mean) + pair.second_weight() * normal(pair.second_mean);
  };
  const double border = (pair.first_mean + pair.second_mean) / 2;
  const bool lower = (mode == 0) == (pair.first_mean < pair.second_mean);
  if (lower) return x < border ? below(x) / below(border) : 1;
  return x < border ? 0 : (below(x) - below(border)) / (1 - below(border));
}

TEST(NormalPair, DrawsOneModeAlone) {
  constexpr int64_t kDraws = 20000;
  for (const NormalPair& pair : {targets::rare_mode(0.3, 2, 1), targets::rare_mode(0.001, 1e4, 1)}) {
    const Problem problem = targets::normal_pair(pair);
    const targets::Modes& modes = *problem.reference.modes;
    for (int64_t mode = 0; mode < 2; ++mode) {
      Rng rng = Rng(3).split(static_cast<uint64_t>(mode));
      const Tensor draws = modes.draws(mode, kDraws, rng);
      ASSERT_EQ(draws.sizes(), at::IntArrayRef({kDraws, 1}));
      EXPECT_TRUE((modes.assign(draws) == mode).all().item<bool>());
      const auto cdf = [&](double x) { return mode_cdf(pair, mode, x); };
      EXPECT_GT(kolmogorov_smirnov_p(draws.squeeze(1), cdf), kFalseAlarm / 4);
      EXPECT_LT(kolmogorov_smirnov_p(draws.squeeze(1) + 0.1, cdf), kFalseAlarm);
    }
  }
}

// The mean square of the difference of the scores of two pairs under the first.
double score_distance(const NormalPair& one, const NormalPair& other, const Tensor& line) {
  const Problem truth = targets::normal_pair(one), rival = targets::normal_pair(other);
  const Tensor x = line.unsqueeze(1);
  const Tensor apart = (truth.target->score(x) - rival.target->score(x)).squeeze(1);
  return integral(density_on(truth, line) * apart.square(), line);
}

// eta R^2 / s^4, since the scores differ by R / s^2 at the rare mode and by nothing at the other.
TEST(RareMode, ScoreIsFarFromThatOfItsMirrorImage) {
  for (const double distance : {100.0, 1e4})
    for (const double scale : {1.0, 2.0}) {
      const NormalPair pair = targets::rare_mode(0.001, distance, scale);
      NormalPair mirrored = pair;
      mirrored.second_mean = distance;
      const Tensor line = line_through(pair, 200001);
      const double expected = 0.001 * distance * distance / std::pow(scale, 4);
      EXPECT_NEAR(score_distance(pair, mirrored, line), expected, 1e-6 * expected);
      EXPECT_EQ(score_distance(pair, pair, line), 0);
    }
}

TEST(RareMode, RefusesMassesThatLeaveNothing) {
  EXPECT_THROW(make_problem("rare-mode", {{"eta", 1}}), InputError);
  EXPECT_THROW(make_problem("rare-mode", {{"eta", 0}}), InputError);
  EXPECT_THROW(make_problem("rare-mode", {{"distance", 0}}), InputError);
  EXPECT_NO_THROW(make_problem("rare-mode", {{"eta", 0.9}}));
}

// The law that the decoy is to be told from.
Problem normal_law(double scale) {
  return targets::normal_pair({.first_mean = 0, .second_mean = 1, .log_odds = -5000, .sd = scale});
}

TEST(ScoreDecoy, HasNoSlopeAtItsThresholdAndThatOfTheNormalLawBelow) {
  for (const auto threshold : {DecoyThreshold::corrected, DecoyThreshold::printed})
    for (const double scale : {1.0, 2.5}) {
      const double tau = targets::threshold_of(threshold, 1000) * scale;
      const Problem decoy = targets::normal_pair(targets::score_decoy(threshold, 1000, 200, scale));
      const Tensor x = torch::tensor({tau, tau - scale}, torch::kDouble).unsqueeze(1);
      const Tensor score = decoy.target->score(x), normal = normal_law(scale).target->score(x);
      EXPECT_NEAR(score[0].item<double>(), 0, 1e-7);
      EXPECT_GT(std::abs(normal[0].item<double>()), 1);
      EXPECT_NEAR(score[1].item<double>(), normal[1].item<double>(), 1e-9);
    }
}

// E |s_decoy - s|^2 under N(0, 1) for 1000 draws.
double decoy_distance(DecoyThreshold threshold, double distance) {
  return score_distance({.first_mean = 0, .second_mean = 1, .log_odds = -5000, .sd = 1},
                        targets::score_decoy(threshold, 1000, distance, 1),
                        torch::linspace(-12, 45, 228001, torch::kDouble));
}

// The score changes sides within about 1 / S, as a logistic function. Its square does as the larger of two
// logistic numbers, whose mean is 1: in all, the mass beyond tau + (log(S / tau - 1) + 1) / S.
TEST(ScoreDecoy, IsFarFromTheNormalLawWithTheCorrectedThresholdAlone) {
  const double tau = std::sqrt(2 * std::log(1000));
  for (const double distance : {100.0, 1000.0}) {
    const double border = tau + (std::log(distance / tau - 1) + 1) / distance;
    const double expected = distance * distance * std::erfc(border / std::numbers::sqrt2) / 2;
    EXPECT_NEAR(decoy_distance(DecoyThreshold::corrected, distance), expected, 0.005 * expected);
  }
  EXPECT_NEAR(decoy_distance(DecoyThreshold::corrected, 100), 0.85, 0.005);
  EXPECT_NEAR(decoy_distance(DecoyThreshold::corrected, 1000), 98, 0.5);
  EXPECT_NEAR(std::log10(decoy_distance(DecoyThreshold::printed, 100)), -148, 0.5);
}

TEST(ScoreDecoy, RefusesAMassThatIsNotBeyondTheThreshold) {
  EXPECT_THROW(make_problem("score-decoy", {{"distance", 3}}), InputError);
  EXPECT_NO_THROW(make_problem("score-decoy", {{"distance", 4}}));
  EXPECT_THROW(make_problem("score-decoy", {{"distance", 20}, {"threshold", "printed"}}), InputError);
  EXPECT_THROW(make_problem("score-decoy", {{"samples", 1}}), InputError);
  EXPECT_THROW(make_problem("score-decoy", {{"threshold", "other"}}), InputError);
}

// The mass of the first part is far below what a float64 can hold, so that there is one mode and no division
// by it.
TEST(ScoreDecoy, KnowsNoModes) { EXPECT_FALSE(make_problem("score-decoy").reference.modes); }

TEST(StrataOfModes, MeasureARareModeAsWellAsAnyOther) {
  const double eta = 0.001, distance = 1e4;
  const Problem problem = targets::normal_pair(targets::rare_mode(eta, distance, 1));
  Rng rng(5);
  const Strata at = targets::exact_strata(problem.reference, 50, rng);
  EXPECT_EQ(at.points.sizes(), at::IntArrayRef({100, 1}));
  const auto apart = [&](const Tensor& points) {
    return (points.squeeze(1) < -distance / 2).to(torch::kDouble) * distance;
  };
  const double truth = eta * distance * distance;
  EXPECT_NEAR(at.mean(apart(at.points).square()), truth, 1e-9 * truth);
  // What k of 500 independent draws say is k / (500 eta) of it: nothing, or twice as much at least.
  const Tensor plain = apart(problem.reference.exact_draws(500, rng)).square();
  EXPECT_GE(std::abs(plain.mean().item<double>() / truth - 1), 0.99);
}

TEST(StrataOfModes, HaveTheQuantilesOfTheirWeights) {
  const Strata at{torch::zeros({4, 1}, torch::kDouble),
                  torch::tensor({0.6, 0.25, 0.1, 0.05}, torch::kDouble)};
  const Tensor values = torch::tensor({0.0, 3.0, 1.0, 7.0}, torch::kDouble);
  EXPECT_EQ(at.upper_quantile(values, 0.01), 7);
  EXPECT_EQ(at.upper_quantile(values, 0.06), 3);
  EXPECT_EQ(at.upper_quantile(values, 0.29), 3);
  EXPECT_EQ(at.upper_quantile(values, 0.31), 1);
  EXPECT_EQ(at.upper_quantile(values, 0.41), 0);
  EXPECT_NEAR(at.mean(values), 0.75 + 0.1 + 0.35, 1e-15);
}

// Of a target that does not give draws of one mode: x1^2 has the mean 4 + 1/2.
TEST(StrataOfModes, AreFoundAmongExactDraws) {
  constexpr int64_t kPoints = 5000;
  const Problem problem = make_problem("mog2");
  ASSERT_FALSE(problem.reference.modes->draws);
  Rng rng(6);
  const Strata at = targets::exact_strata(problem.reference, kPoints, rng);
  const Tensor mode = problem.reference.modes->assign(at.points);
  EXPECT_EQ((mode == 0).sum().item<int64_t>(), kPoints);
  EXPECT_EQ((mode == 1).sum().item<int64_t>(), kPoints);
  const Tensor square = at.points.select(1, 0).square();
  EXPECT_TRUE(mean_is(square, 4.5));
  EXPECT_FALSE(mean_is(square, 4.8));
}

TEST(StrataOfModes, AreTheWholeLawWhereNoModesAreKnown) {
  const Problem problem = make_problem("gaussian");
  Rng rng(7), same(7);
  const Strata at = targets::exact_strata(problem.reference, 100, rng);
  EXPECT_TRUE(torch::equal(at.points, problem.reference.exact_draws(100, same)));
  EXPECT_NEAR(at.mean(torch::ones({100}, torch::kDouble)), 1, 1e-14);
}

TEST(StrataOfModes, SayThatAModeIsTooRare) {
  Reference reference;
  reference.exact_draws = [](int64_t n, Rng&) { return torch::zeros({1, 1}, torch::kDouble).expand({n, 1}); };
  reference.modes = targets::Modes{torch::tensor({0.9, 0.1}, torch::kDouble), [](const Tensor& x) {
                                     return torch::zeros({1}, torch::kLong).expand({x.size(0)});
                                   }};
  Rng rng(8);
  EXPECT_THROW(targets::exact_strata(reference, 100000, rng), InputError);
}

}  // namespace
}  // namespace samplerbench::testing
