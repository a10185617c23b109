#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "targets/diffusion/rare_mode.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

// Errors of a score by strata, the mass of a rare mode, and total variation by histograms, which cannot see
// it.
namespace samplerbench::metrics {
namespace {

constexpr double kEta = 0.001, kDistance = 1e4, kSigma = 0.5;

targets::Problem far_mode() { return targets::normal_pair(targets::rare_mode(kEta, kDistance, 1)); }

// The score of the mirror image of `problem`, noised.
ScoreModel mirrored_model(const targets::Problem& problem) {
  return {
      .sigma = kSigma,
      .score =
          [&problem](const Tensor& x) {
            return -problem.target->noised_exactly(torch::tensor(kSigma, torch::kDouble))->score(-x);
          },
      .noiseless_draws = [&problem](int64_t n, Rng& rng) { return -problem.reference.exact_draws(n, rng); }};
}

Evidence evidence_of(const targets::Problem& problem, ScoreModel model) {
  Evidence evidence{problem, normals(10, problem.target->dim(), 1)};
  evidence.score_model = std::move(model);
  return evidence;
}

// The scores differ by R / (1 + sigma^2) at the rare mode and by nothing at the other.
TEST(ScoreByStrata, SeesARareModeInTheMeanAndNotInTheQuantile) {
  const targets::Problem problem = far_mode();
  const Evidence evidence = evidence_of(problem, mirrored_model(problem));
  const double apart = kSigma * kDistance / (1 + kSigma * kSigma);
  EXPECT_NEAR(judge("score_l2", evidence, {{"points", 50}}), apart * std::sqrt(kEta), 1e-9 * apart);
  EXPECT_EQ(judge("score_quantile", evidence, {{"points", 50}}), 0);
  EXPECT_EQ(judge("score_quantile", evidence, {{"points", 50}, {"delta", 0.0011}}), 0);
  EXPECT_NEAR(judge("score_quantile", evidence, {{"points", 50}, {"delta", 0.0009}}), apart, 1e-9 * apart);
  // 500 exact draws at random give k / (500 eta) of the mean square: nothing, or twice as much at least.
  const double plain = kSigma * kSigma * judge("score_error_exact", evidence, {{"points", 500}});
  EXPECT_GE(std::abs(plain / (apart * apart * kEta) - 1), 0.99);
}

// Of the whole law where no modes are known: under N(0, C + sigma^2 I), -c x is off by (C + sigma^2 I)^-1 - c
// I.
TEST(ScoreByStrata, OfAKnownWrongScoreIsTheClosedForm) {
  const auto& entry = testing::all_targets().at("gaussian");
  const targets::Problem problem = entry.make({Options(entry.options, {{"correlation", 0.8}}, "gaussian")});
  const double c = 1.3;
  const Evidence evidence =
      evidence_of(problem, {.sigma = kSigma, .score = [=](const Tensor& x) { return -c * x; }});
  const auto part = [&](double eigenvalue) {
    const double variance = eigenvalue + kSigma * kSigma;
    return variance * (1 / variance - c) * (1 / variance - c);
  };
  const double expected = kSigma * kSigma * (part(1.8) + part(0.2));
  const auto metric = make_metric("score_l2", {{"points", 500}});
  std::vector<double> squares;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    squares.push_back(std::pow(metric->value(evidence, rng), 2));
  }
  EXPECT_TRUE(testing::mean_is(torch::tensor(squares, torch::kDouble), expected));
  EXPECT_FALSE(testing::mean_is(torch::tensor(squares, torch::kDouble), 1.1 * expected));
}

// With C = I the error is (c - 1 / v) |x|, |x|^2 / v exponential of mean 2: its quantile is sqrt(-2 v log
// delta).
TEST(ScoreByStrata, QuantileIsThatOfTheClosedForm) {
  const auto& entry = testing::all_targets().at("gaussian");
  const targets::Problem problem = entry.make({Options(entry.options, {{"correlation", 0}}, "gaussian")});
  const double c = 1.3, v = 1 + kSigma * kSigma;
  const Evidence evidence =
      evidence_of(problem, {.sigma = kSigma, .score = [=](const Tensor& x) { return -c * x; }});
  for (const double delta : {0.5, 0.05}) {
    const int64_t points = 20000;
    const double quantile = judge("score_quantile", evidence, {{"points", points}, {"delta", delta}});
    // The share beyond the estimate is about normal, with variance delta (1 - delta) / n.
    const double radius = quantile / (kSigma * (c - 1 / v));
    const double beyond = std::exp(-radius * radius / (2 * v));
    const double error = std::sqrt(delta * (1 - delta) / static_cast<double>(points));
    EXPECT_NEAR(beyond, delta, testing::z_bound(testing::kFalseAlarm, 2) * error);
    EXPECT_GT(std::abs(beyond - 1.5 * delta), testing::z_bound() * error);
  }
}

TEST(ScoreByStrata, SaysWhatItLacks) {
  const targets::Problem problem = far_mode(), blurless = standard_normal_problem(1);
  for (const std::string metric : {"score_l2", "score_quantile"}) {
    EXPECT_EQ(make_metric(metric)->skip(Evidence{problem, normals(5, 1, 1)}),
              "needs a trained model of the score");
    EXPECT_EQ(make_metric(metric)->skip(evidence_of(blurless, mirrored_model(problem))),
              "needs the noised score of the target in closed form");
    EXPECT_FALSE(make_metric(metric)->skip(evidence_of(problem, mirrored_model(problem))));
    EXPECT_THROW(make_metric(metric, {{"points", 0}}), InputError);
  }
  EXPECT_THROW(make_metric("score_quantile", {{"delta", 1}}), InputError);
  EXPECT_THROW(make_metric("score_quantile", {{"delta", 0}}), InputError);
}

// Three modes, told by the first coordinate; what is below 0 is in none.
targets::Problem numbered_modes() {
  targets::Problem problem = standard_normal_problem(1);
  problem.reference.modes = targets::Modes{torch::tensor({0.5, 0.1, 0.4}, torch::kDouble),
                                           [](const Tensor& x) { return x.select(1, 0).to(torch::kLong); }};
  return problem;
}

TEST(RareMode, IsMeasuredByItsShare) {
  const targets::Problem problem = numbered_modes();
  const auto of = [&](const std::string& metric, std::vector<double> modes) {
    return judge(metric, {problem, torch::tensor(modes, torch::kDouble).unsqueeze(1)});
  };
  EXPECT_NEAR(of("rare_mode_mass", {0, 1, 2, 1}), 0.5, 1e-15);
  EXPECT_NEAR(of("rare_mode_error", {0, 1, 2, 1}), 4, 1e-14);
  EXPECT_NEAR(of("rare_mode_error", {0, 0, 0, 0, 0, 1, 2, 2, 2, 2}), 0, 1e-15);
  EXPECT_EQ(of("rare_mode_mass", {0, 2}), 0);
  EXPECT_EQ(of("rare_mode_error", {0, 2}), 1);
  EXPECT_NEAR(of("rare_mode_mass", {0, 1, -1, -1}), 0.25, 1e-15) << "what is in no mode counts as elsewhere";
}

TEST(RareMode, NeedsTwoModes) {
  const targets::Problem without{.target = std::make_unique<StandardNormal>(1)};
  EXPECT_EQ(make_metric("rare_mode_mass")->skip({without, normals(5, 1, 1)}), "needs modes");
  targets::Problem one = numbered_modes();
  one.reference.modes->weights = torch::ones({1}, torch::kDouble);
  EXPECT_EQ(make_metric("rare_mode_error")->skip({one, normals(5, 1, 1)}), "needs at least two modes");
}

TEST(RareMode, NeedsOneThatIsRarer) {
  targets::Problem problem = numbered_modes();
  for (const char* metric : {"rare_mode_mass", "rare_mode_error"}) {
    EXPECT_FALSE(make_metric(metric)->skip({problem, normals(5, 1, 1)}));
    targets::Problem even = numbered_modes();
    even.reference.modes->weights = torch::full({3}, 1.0 / 3, torch::kDouble);
    EXPECT_EQ(make_metric(metric)->skip({even, normals(5, 1, 1)}),
              "needs a rare mode, and all modes of this target have the same weight");
  }
}

Tensor numbers(std::vector<double> values) { return torch::tensor(values, torch::kDouble).unsqueeze(1); }

// Edges are the numbers at place floor(k 10 / cells) of 0, ..., 9, and belong to the cell above.
TEST(HistogramTv, OfFewNumbersIsCountedByHand) {
  const targets::Problem problem = standard_normal_problem(1);
  const Tensor exact = numbers({9, 1, 2, 3, 4, 5, 6, 7, 8, 0});
  const auto tv = [&](std::vector<double> draws, int64_t cells) {
    return judge("histogram_tv", {problem, numbers(std::move(draws)), exact}, {{"cells", cells}});
  };
  EXPECT_NEAR(tv({4.9, -100, 5, 100}, 2), 0, 1e-15);
  EXPECT_NEAR(tv({5}, 2), 0.5, 1e-15);
  EXPECT_NEAR(tv({0, 1, 2, 6}, 2), 0.25, 1e-15);
  // Edges 3 and 6: shares 0.3, 0.3 and 0.4.
  EXPECT_NEAR(tv({3, 5.5}, 3), 0.7, 1e-15);
  EXPECT_NEAR(tv({2.9, 6}, 3), (0.2 + 0.3 + 0.1) / 2, 1e-15);
}

TEST(HistogramTv, InThePlaneCountsProductsOfCells) {
  const targets::Problem problem = standard_normal_problem(2);
  const Tensor exact = torch::tensor({0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0}, torch::kDouble).view({4, 2});
  const Tensor corner = torch::tensor({7.0, 7.0, 1.0, 1.0}, torch::kDouble).view({2, 2});
  EXPECT_NEAR(judge("histogram_tv", {problem, corner, exact}, {{"cells", 2}}), 0.75, 1e-15);
  EXPECT_NEAR(judge("histogram_tv", {problem, exact.flip(0), exact}, {{"cells", 2}}), 0, 1e-15);
}

// Beyond the median of N(0, 1), N(m, 1) has the mass P(z < m). The share of draws beyond the median of exact
// draws varies by no more than that of two shares of a half together.
TEST(HistogramTv, OfAShiftInTwoCellsIsTheClosedForm) {
  const targets::Problem problem = standard_normal_problem(1);
  const int64_t n = 40000;
  const double bound = testing::z_bound() * std::sqrt(0.5 / static_cast<double>(n));
  const auto tv = [&](double shift) {
    return judge("histogram_tv", {problem, normals(n, 1, 1) + shift, normals(n, 1, 2)}, {{"cells", 2}});
  };
  EXPECT_NEAR(tv(0.5), std::erf(0.5 / std::sqrt(2.0)) / 2, bound);
  EXPECT_LT(tv(0), bound);
}

// A rare mode is below what a histogram of 20,000 draws can see, and its mass is not: exact draws miss it
// with probability 2e-9.
TEST(HistogramTv, DoesNotSeeAMissingRareMode) {
  const targets::Problem problem = far_mode();
  const int64_t n = 20000;
  Rng rng(3);
  const Evidence exact{problem, problem.reference.exact_draws(n, rng), problem.reference.exact_draws(n, rng)};
  Evidence without = exact;
  without.draws = normals(n, 1, 4);
  EXPECT_NEAR(judge("histogram_tv", without), judge("histogram_tv", exact), 0.02);
  EXPECT_EQ(judge("rare_mode_error", without), 1);
  EXPECT_EQ(judge("rare_mode_mass", without), 0);
  EXPECT_GT(judge("rare_mode_mass", exact), 0);
}

TEST(HistogramTv, NeedsTenDrawsACell) {
  const targets::Problem line = standard_normal_problem(1), plane = standard_normal_problem(2);
  const auto reason = [](const targets::Problem& problem, int64_t draws, int64_t exact, int64_t cells) {
    const int64_t dim = problem.target->dim();
    const Evidence evidence{problem, normals(draws, dim, 1), normals(exact, dim, 2)};
    return make_metric("histogram_tv", {{"cells", cells}})->skip(evidence).value_or("");
  };
  EXPECT_EQ(reason(line, 50, 50, 5), "");
  EXPECT_EQ(reason(line, 49, 50, 5),
            "needs 50 draws for its 5 cells, 10 a cell: fewer show their own noise alone");
  EXPECT_NE(reason(line, 50, 49, 5), "");
  EXPECT_EQ(reason(plane, 90, 90, 3), "");
  EXPECT_NE(reason(plane, 89, 90, 3), "");
  EXPECT_EQ(reason(plane, 1, 1, 0), "") << "cells that grow with the draws";
}

// Why so many: with m exact draws a cell and as many draws, the number of draws in a cell varies about m with
// the variance 2 m, and the metric of exact draws is about 0.56 m^(-1/2): 0.18 where m = 10, 0.4 where m = 2.
// Bounds are 5 standard deviations off and more.
TEST(HistogramTv, OfExactDrawsIsLargeWhereCellsAreManyAsDraws) {
  const targets::Problem line = standard_normal_problem(1);
  const Evidence exact{line, normals(2000, 1, 1), normals(2000, 1, 2)};
  EXPECT_LT(judge("histogram_tv", exact, {{"cells", 200}}), 0.23);
  EXPECT_GT(judge("histogram_tv", exact, {{"cells", 1000}}), 0.33);
}

TEST(HistogramTv, SaysWhatItLacks) {
  const targets::Problem line = standard_normal_problem(1), space = standard_normal_problem(3);
  const auto metric = make_metric("histogram_tv");
  EXPECT_EQ(metric->skip({space, normals(5, 3, 1), normals(5, 3, 2)}), "needs one or two coordinates");
  EXPECT_EQ(metric->skip({line, normals(5, 1, 1)}), "needs exact draws");
  EXPECT_TRUE(metric->has_floor());
  EXPECT_THROW(make_metric("histogram_tv", {{"cells", 1}}), InputError);
  EXPECT_THROW(make_metric("histogram_tv", {{"cells", -1}}), InputError);
}

// Of N(0, 1) the energy is x^2 / 2: the cells are those of |x|, between 3 and 6 of 0, ..., 9, or at 5.
TEST(EnergyTv, OfFewNumbersIsCountedByHand) {
  const targets::Problem problem = standard_normal_problem(1);
  const Tensor exact = numbers({9, -1, 2, -3, 4, 5, 6, 7, -8, 0});
  const auto tv = [&](std::vector<double> draws, int64_t cells) {
    return judge("energy_tv", {problem, numbers(std::move(draws)), exact}, {{"cells", cells}});
  };
  EXPECT_NEAR(tv({4.9, -100, -5, 1}, 2), 0, 1e-15);
  EXPECT_NEAR(tv({-5}, 2), 0.5, 1e-15);
  EXPECT_NEAR(tv({-3, 5.5}, 3), 0.7, 1e-15);
  EXPECT_NEAR(tv({2.9, 6}, 3), (0.2 + 0.3 + 0.1) / 2, 1e-15);
}

// |x| of N(0, 1) is below its median m with probability 1/2, and that of N(0, 4) with P(|z| < m / 2). The
// distance of two particles on a line at independent normals is such an |x| too, times sqrt(2).
TEST(HistogramTv, OfEnergiesAndDistancesOfAWiderLawIsTheClosedForm) {
  targets::Problem line = standard_normal_problem(1), pair = standard_normal_problem(2);
  pair.reference.pair_distances = [](const Tensor& x) {
    return (x.select(1, 0) - x.select(1, 1)).abs().unsqueeze(1);
  };
  const int64_t n = 40000;
  const double bound = testing::z_bound() * std::sqrt(0.5 / static_cast<double>(n));
  const double expected = 0.5 - std::erf(0.6744897501960817 / 2 / std::sqrt(2.0));
  for (const auto& [metric, problem] : {std::pair{"energy_tv", &line}, std::pair{"distance_tv", &pair}}) {
    const int64_t dim = problem->target->dim();
    const auto tv = [&, name = metric, of = problem](double scale) {
      return judge(name, {*of, scale * normals(n, dim, 1), normals(n, dim, 2)}, {{"cells", 2}});
    };
    EXPECT_NEAR(tv(2), expected, bound) << metric;
    EXPECT_LT(tv(1), bound) << metric;
    EXPECT_GT(tv(1.5), bound) << metric;
  }
}

// What it cannot see: a law whose one half is the mirror image of the other, without that other.
TEST(EnergyTv, DoesNotSeeAMissingMirrorImage) {
  const targets::Problem line = standard_normal_problem(1);
  const Tensor exact = normals(4000, 1, 1), half = normals(4000, 1, 2).abs();
  EXPECT_EQ(judge("energy_tv", {line, half, exact}), judge("energy_tv", {line, normals(4000, 1, 2), exact}));
  EXPECT_GT(judge("histogram_tv", {line, half, exact}), 0.45);
}

// Three particles on a line. The distances of the exact draws are 1, 2, 3 and 4, 5, 9, the edge of two cells
// is 4, and every pair of a draw counts.
TEST(DistanceTv, OfFewParticlesIsCountedByHand) {
  targets::Problem problem = standard_normal_problem(3);
  problem.reference.pair_distances = [](const Tensor& x) { return (x - x.roll(1, 1)).abs(); };
  const auto row = [](std::vector<double> places) {
    return torch::tensor(places, torch::kDouble).unsqueeze(0);
  };
  const Tensor exact = torch::cat({row({0, 1, 3}), row({0, 4, 9})});
  const auto tv = [&](const Tensor& draws) {
    return judge("distance_tv", {problem, draws, exact}, {{"cells", 2}});
  };
  EXPECT_NEAR(tv(row({0, 1, 3})), 0.5, 1e-15);
  EXPECT_NEAR(tv(row({3, 0, 1})), 0.5, 1e-15);
  EXPECT_NEAR(tv(row({0, 1, 10})), 0.5 - 1.0 / 3, 1e-15);
  EXPECT_NEAR(tv(torch::cat({row({7, 8, 10}), row({9, 4, 0})})), 0, 1e-15);
}

TEST(HistogramTv, OfEnergiesAndDistancesSayWhatTheyLack) {
  targets::Problem space = standard_normal_problem(3);
  const Evidence evidence{space, normals(50, 3, 1), normals(50, 3, 2)}, blind{space, normals(50, 3, 1)};
  EXPECT_FALSE(make_metric("energy_tv")->skip(evidence));
  EXPECT_EQ(make_metric("energy_tv")->skip(blind), "needs exact draws");
  EXPECT_EQ(make_metric("distance_tv")->skip(evidence), "needs a target of particles");
  space.reference.pair_distances = [](const Tensor& x) { return x.abs(); };
  EXPECT_FALSE(make_metric("distance_tv")->skip(evidence));
  for (const char* metric : {"energy_tv", "distance_tv"}) {
    EXPECT_EQ(make_metric(metric, {{"cells", 6}})->skip(evidence),
              "needs 60 draws for its 6 cells, 10 a cell: fewer show their own noise alone");
    EXPECT_TRUE(make_metric(metric)->has_floor());
    EXPECT_THROW(make_metric(metric, {{"cells", 1}}), InputError);
  }
}

}  // namespace
}  // namespace samplerbench::metrics
