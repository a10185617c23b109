#include "samplers/particle/parallel_tempering.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

// The law of the points is judged in exactness_test.cc.
namespace samplerbench::testing {
namespace {

using samplers::evened_ladder;
using samplers::ParallelTempering;
using samplers::ParallelTemperingSettings;

ParallelTemperingSettings with_rungs(int64_t rungs, int64_t warmup) {
  ParallelTemperingSettings settings{.powers = {}, .move = {.leapfrog = 5}, .warmup = warmup, .history = 2};
  for (int64_t i = 0; i < rungs; ++i)
    settings.powers.push_back(static_cast<double>(i) / static_cast<double>(rungs - 1));
  return settings;
}

Tensor ladders_start(const ParallelTemperingSettings& settings, int64_t ladders, int64_t dim, Rng& rng) {
  return rng.normal({std::ssize(settings.powers) * ladders, dim}, torch::kDouble);
}

// Between two-dimensional normal laws of precisions l1 < l2, swaps are accepted with probability
// 2 l1 / (l1 + l2).
std::vector<double> acceptances_towards(double precision, const std::vector<double>& powers) {
  std::vector<double> acceptances;
  const auto at = [&](size_t i) { return 1 + powers[i] * (precision - 1); };
  for (size_t i = 0; i + 1 < powers.size(); ++i)
    acceptances.push_back(2 * std::min(at(i), at(i + 1)) / (at(i) + at(i + 1)));
  return acceptances;
}

// Equal rejection then means precisions with equal ratios.
TEST(EvenedLadder, ComesToGeometricPrecisions) {
  for (const double precision : {100.0, 0.01}) {
    std::vector<double> powers = with_rungs(8, 0).powers;
    for (int round = 0; round < 40; ++round)
      powers = evened_ladder(powers, acceptances_towards(precision, powers));
    for (size_t i = 0; i < powers.size(); ++i)
      EXPECT_NEAR(1 + powers[i] * (precision - 1), std::pow(precision, static_cast<double>(i) / 7),
                  1e-4 * precision)
          << i;
  }
}

TEST(EvenedLadder, AscendsWhateverIsAccepted) {
  const std::vector<double> powers{0, 0.1, 0.2, 0.6, 1};
  const std::vector<std::vector<double>> cases{{0, 0, 0, 0}, {1, 1, 1, 1}, {0, 1, 1, 1}, {1, 1e-200, 0, 1}};
  for (const std::vector<double>& acceptances : cases) {
    const std::vector<double> ladder = evened_ladder(powers, acceptances);
    ASSERT_EQ(ladder.size(), powers.size());
    EXPECT_EQ(ladder.front(), 0);
    EXPECT_EQ(ladder.back(), 1);
    EXPECT_EQ(std::adjacent_find(ladder.begin(), ladder.end(), std::greater_equal<>()), ladder.end());
  }
}

TEST(EvenedLadder, StaysWhereAllIsEqual) {
  const std::vector<double> powers{0, 0.1, 0.2, 0.6, 1}, same = evened_ladder(powers, {0.3, 0.3, 0.3, 0.3});
  for (size_t i = 0; i < powers.size(); ++i) EXPECT_NEAR(same[i], powers[i], 1e-12);
}

// N(0, I / 100) in the plane: after a warm-up the edges have about the rejection of geometric precisions. A
// rate is a mean over 200 ladders and scans, of which at least the 200 ladders are independent: its standard
// error is below 0.5 / sqrt(200) = 0.035, and the ladder, from twice as many scans as the round before, moves
// rates by less than another of these. Bound: five of both.
TEST(ParallelTempering, AdaptsItsLadderToEqualRejection) {
  const FunctionTarget target(2, [](const Tensor& x) { return -50 * x.square().sum(1); });
  const ParallelTemperingSettings settings = with_rungs(6, 256);
  Rng rng(3);
  ParallelTempering sampler(target, ladders_start(settings, 200, 2, rng), 1, settings);
  for (int i = 0; i < 356; ++i) sampler.step(rng);
  const double ratio = std::pow(100.0, 0.2), wanted = 2 / (1 + ratio);
  for (const double rate : sampler.swap_rates()) EXPECT_NEAR(rate, wanted, 5 * 0.035 * std::sqrt(2.0));
  const std::vector<double> even = acceptances_towards(100, settings.powers);
  EXPECT_GT(std::abs(even.front() - wanted), 5 * 0.035 * std::sqrt(2.0)) << "where it began, it was not";
}

// Where the target is the starting law, up to a factor, all swaps are accepted: every point goes up and down
// once in 2 T scans.
TEST(ParallelTempering, CountsRoundTrips) {
  constexpr int64_t kLadders = 7, kRungs = 5;
  const FunctionTarget target = standard_normal(3);
  const ParallelTemperingSettings settings = with_rungs(kRungs, 0);
  Rng rng(3);
  ParallelTempering sampler(target, ladders_start(settings, kLadders, 3, rng), 1, settings);
  for (int64_t round = 0; round < 4; ++round) {
    for (int64_t i = 0; i < 2 * kRungs; ++i) sampler.step(rng);
    EXPECT_EQ(sampler.round_trips(), round * kLadders * kRungs);
  }
  for (const double rate : sampler.swap_rates()) EXPECT_NEAR(rate, 1, 1e-12);
  EXPECT_NEAR(sampler.log_z()->value, 1.5 * std::log(2 * std::numbers::pi), 1e-9);
  EXPECT_LT(sampler.log_z()->standard_error, 1e-9);
}

TEST(ParallelTempering, DoesTheWorkThatIsDocumented) {
  const targets::Problem problem = make_problem("gaussian");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  ParallelTemperingSettings settings = with_rungs(4, 10);
  settings.moves = 2;
  Rng rng(3);
  ParallelTempering sampler(target, ladders_start(settings, 30, 2, rng), 1, settings);
  EXPECT_EQ(meter.score, 0);
  sampler.step(rng);
  EXPECT_EQ(meter.score, 30 * (4 + 3 * 2 * 5));
  EXPECT_EQ(meter.density, 30 * (4 + 3 * 2));
  sampler.step(rng);
  EXPECT_EQ(meter.score, 30 * (4 + 1 + 2 * 3 * 2 * 5));
  EXPECT_EQ(meter.density, 30 * (4 + 1 + 2 * 3 * 2));
}

// By Student's t with a degree of freedom less than there are ladders.
double t_bound(int64_t ladders, double false_alarm) {
  const boost::math::students_t law(static_cast<double>(ladders - 1));
  return boost::math::quantile(boost::math::complement(law, false_alarm / 2));
}

TEST(ParallelTempering, EstimatesLogZ) {
  constexpr int64_t kLadders = 60;
  const std::vector<std::pair<std::string, Json>> known{
      {"gaussian", Json::object()},
      {"mog2", Json::object()},
      {"banana", Json::object()},
      {"ill-conditioned-gaussian", {{"dim", 4}, {"condition", 10}}}};
  for (const auto& [name, options] : known) {
    const targets::Problem problem = make_problem(name, options);
    for (const double scale : {1.0, 2.0}) {
      const ParallelTemperingSettings settings = with_rungs(8, 200);
      Rng rng(6);
      const Tensor start = scale * ladders_start(settings, kLadders, problem.target->dim(), rng);
      ParallelTempering sampler(*problem.target, start, scale, settings);
      EXPECT_FALSE(sampler.log_z());
      for (int i = 0; i < 700; ++i) sampler.step(rng);
      ASSERT_TRUE(sampler.log_z());
      const LogZ found = *sampler.log_z();
      EXPECT_LT(std::abs(found.value - *problem.reference.log_z),
                t_bound(kLadders, kFalseAlarm / 8) * found.standard_error)
          << name << ", scale " << scale;
      EXPECT_LT(found.standard_error, 0.1) << name;
    }
  }
}

// The wrong sign in swaps moves log Z by far more than the error that is stated.
TEST(ParallelTempering, WithFlippedSwapsMissesLogZ) {
  struct Flipped : ParallelTempering {
    using ParallelTempering::ParallelTempering;
    double swap_log_ratio(double gap, double lower, double upper) const override {
      return gap * (upper - lower);
    }
  };
  const targets::Problem problem = make_problem("gaussian");
  const ParallelTemperingSettings settings = with_rungs(4, 0);
  Rng rng(6);
  Flipped sampler(*problem.target, ladders_start(settings, 60, 2, rng), 1, settings);
  for (int i = 0; i < 700; ++i) sampler.step(rng);
  EXPECT_GT(std::abs(sampler.log_z()->value - *problem.reference.log_z),
            t_bound(60, kFalseAlarm) * sampler.log_z()->standard_error);
}

// Estimates of independent runs are nearly normal: n - 1 times the variance among n of them, over that of
// one, has a chi-squared law.
TEST(ParallelTempering, KnowsTheErrorOfLogZ) {
  constexpr int64_t kRuns = 100;
  const targets::Problem problem = make_problem("gaussian");
  const ParallelTemperingSettings settings = with_rungs(4, 30);
  Tensor values = torch::empty({kRuns}, torch::kDouble);
  double stated = 0;
  for (int64_t run = 0; run < kRuns; ++run) {
    Rng rng(static_cast<uint64_t>(run));
    ParallelTempering sampler(*problem.target, ladders_start(settings, 30, 2, rng), 1, settings);
    for (int i = 0; i < 90; ++i) sampler.step(rng);
    values[run] = sampler.log_z()->value;
    stated += std::pow(sampler.log_z()->standard_error, 2) / kRuns;
  }
  const double spread = values.var(0, true).item<double>();
  const boost::math::chi_squared law(kRuns - 1);
  const auto p_of = [&](double variance) {
    const double below = boost::math::cdf(law, (kRuns - 1) * spread / variance);
    return 2 * std::min(below, 1 - below);
  };
  EXPECT_GT(p_of(stated), kFalseAlarm);
  EXPECT_LT(p_of(stated / 3), kFalseAlarm);
  EXPECT_LT(p_of(stated * 3), kFalseAlarm);
}

TEST(ParallelTempering, HasNoErrorOfASingleLadder) {
  const targets::Problem problem = make_problem("gaussian");
  const ParallelTemperingSettings settings = with_rungs(3, 0);
  Rng rng(3);
  ParallelTempering sampler(*problem.target, ladders_start(settings, 1, 2, rng), 1, settings);
  for (int i = 0; i < 10; ++i) sampler.step(rng);
  EXPECT_FALSE(sampler.log_z());
}

// Points where the target is 0 cannot move, and give way to draws of the starting law.
TEST(ParallelTempering, LeavesWhereTheTargetIsZero) {
  const FunctionTarget target(2, [](const Tensor& x) {
    const Tensor inside = (x.select(1, 0) > 0).to(x.scalar_type());
    return -x.square().sum(1) / 2 + inside.log();
  });
  const ParallelTemperingSettings settings = with_rungs(3, 0);
  Rng rng(3);
  ParallelTempering sampler(target, -ladders_start(settings, 50, 2, rng).abs(), 1, settings);
  for (int i = 0; i < 100; ++i) sampler.step(rng);
  EXPECT_GT(sampler.state().select(1, 0).min().item<double>(), 0);
}

}  // namespace
}  // namespace samplerbench::testing
