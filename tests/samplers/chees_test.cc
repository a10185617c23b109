#include "samplers/mcmc/chees.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "core/error.h"
#include "tests/samplers/fixtures.h"

namespace samplerbench::testing {
namespace {

using samplers::Chees;
using samplers::chees_slope;
using samplers::CheesMoves;
using samplers::CheesSettings;
using samplers::TrajectoryLengthSearch;
using samplers::van_der_corput;

// Chains whose exact trajectories on N(mean, diag(sd^2)) are known in closed form: with dx/dt = scale p and
// dp/dt = scale (mean - x) / sd^2, each coordinate turns at the rate w = scale / sd,
//   x(t) = mean + (x - mean) cos wt + sd p sin wt,   p(t) = p cos wt - (x - mean) / sd sin wt.
class ExactTrajectories {
 public:
  ExactTrajectories(int64_t chains, const Tensor& sd, const Tensor& scale, double mean, Rng& rng)
      : sd_(sd), scale_(scale), mean_(mean) {
    position_ = mean + sd * rng.normal({chains, sd.size(0)}, torch::kDouble);
    momentum_ = rng.normal({chains, sd.size(0)}, torch::kDouble);
    const Tensor uniform = rng.uniform({chains}, torch::kDouble);
    acceptance_.assign(uniform.data_ptr<double>(), uniform.data_ptr<double>() + chains);
  }

  CheesMoves until(double time) const {
    return {.scale = scale_,
            .start = position_,
            .end = end(time),
            .velocity = momentum_ * angle(time).cos() - (position_ - mean_) / sd_ * angle(time).sin(),
            .acceptance = acceptance_};
  }

  // (|z' - m'|^2 - |z - m|^2)^2 / 4 after `time`, weighted by the acceptance; m' is that after `centred`.
  double criterion(double time, double centred) const {
    const Tensor weights = torch::tensor(acceptance_, torch::kDouble).unsqueeze(1);
    const Tensor centre = (weights * end(centred)).sum(0) / weights.sum();
    const Tensor growth = ((end(time) - centre) / scale_).square().sum(1, true) -
                          ((position_ - position_.mean(0)) / scale_).square().sum(1, true);
    return ((weights * growth.square()).sum() / weights.sum()).item<double>() / 4;
  }

 private:
  Tensor angle(double time) const { return scale_ / sd_ * time; }
  Tensor end(double time) const {
    return mean_ + (position_ - mean_) * angle(time).cos() + sd_ * momentum_ * angle(time).sin();
  }

  Tensor sd_, scale_;  // [D]
  double mean_;
  Tensor position_, momentum_;  // [C, D]
  std::vector<double> acceptance_;
};

// The negative controls.

CheesMoves without_acceptance(CheesMoves moves) {
  std::fill(moves.acceptance.begin(), moves.acceptance.end(), 1.0);
  return moves;
}

CheesMoves without_scale(CheesMoves moves) {
  moves.scale = torch::ones_like(moves.scale);
  return moves;
}

// Every chain and its mirror image: all means are 0, and each term is what it is without centring.
CheesMoves without_centring(CheesMoves moves) {
  for (Tensor* rows : {&moves.start, &moves.end, &moves.velocity}) *rows = torch::cat({*rows, -*rows});
  const std::vector<double> once = moves.acceptance;
  moves.acceptance.insert(moves.acceptance.end(), once.begin(), once.end());
  return moves;
}

TEST(CheesSlope, IsTheDerivativeOfTheCriterion) {
  Rng rng(5);
  const Tensor sd = torch::linspace(0.5, 2, 5, torch::kDouble),
               scale = torch::linspace(1.5, 0.7, 5, torch::kDouble);
  const ExactTrajectories chains(40, sd, scale, /*mean=*/3, rng);
  for (const double time : {0.3, 1.1, 2.5}) {
    constexpr double kSmall = 1e-5;
    const double expected =
        (chains.criterion(time + kSmall, time) - chains.criterion(time - kSmall, time)) / (2 * kSmall);
    const double tolerance = 1e-6 * std::abs(expected);
    const CheesMoves moves = chains.until(time);
    EXPECT_NEAR(chees_slope(moves), expected, tolerance) << time;
    const std::vector<CheesMoves> controls{without_acceptance(moves), without_scale(moves),
                                           without_centring(moves)};
    for (const CheesMoves& broken : controls)
      EXPECT_GT(std::abs(chees_slope(broken) - expected), 1000 * tolerance) << time;
  }
}

TEST(CheesSlope, DoesNotLookAtChainsThatAreNotAccepted) {
  Rng rng(5);
  const Tensor sd = torch::ones({3}, torch::kDouble);
  CheesMoves moves = ExactTrajectories(10, sd, sd, 0, rng).until(1);
  moves.acceptance.front() = 0;
  const double expected = chees_slope(moves);
  EXPECT_NE(expected, 0);
  moves.end[0].fill_(std::numeric_limits<double>::quiet_NaN());
  moves.velocity[0].fill_(std::numeric_limits<double>::infinity());
  EXPECT_EQ(chees_slope(moves), expected);
  std::fill(moves.acceptance.begin(), moves.acceptance.end(), 1e-5);
  EXPECT_EQ(chees_slope(moves), 0);
}

TEST(HarmonicMean, IsPulledDownByTheSmallest) {
  EXPECT_DOUBLE_EQ(samplers::harmonic_mean({1, 0.5}), 2.0 / 3);
  EXPECT_DOUBLE_EQ(samplers::harmonic_mean({0.3, 0.3, 0.3}), 0.3);
  EXPECT_EQ(samplers::harmonic_mean({1, 0, 1}), 0);
}

TEST(VanDerCorput, HalvesTheGaps) {
  const std::vector<double> expected{0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875, 0.0625};
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(van_der_corput(static_cast<int64_t>(i) + 1), expected[i]);
}

// The optimum on N(0, I) in D dimensions. A trajectory of time t ends at z' = z cos t + p sin t, and
//   |z'|^2 - |z|^2 = sin^2 t (|p|^2 - |z|^2) + 2 sin t cos t <z, p>.
// The two terms are uncorrelated, with variances 4 D sin^4 t and 4 D sin^2 t cos^2 t: ChEES is D sin^2 t. Of
// times u T with u uniform in [0, 1) its mean is D (1/2 - sin(2 T) / (4 T)), which is largest where
// tan(2 T) = 2 T: first at T = 2.2467. A criterion that does not centre moves, far from the origin, along the
// mean alone: it is about 2 |mean|^2 (1 - cos t), whose optimum T is twice as long.
constexpr double kOptimum = 2.2467;

// Simulated over forty seeds, the length over the optimum has the mean 0.992 and the standard deviation
// 0.014, of which the tolerance leaves five.
TEST(TrajectoryLengthSearch, FindsTheOptimumOfANormalLaw) {
  for (const double first : {0.3, 1.0, 2.5}) {
    Rng rng(5);
    const Tensor ones = torch::ones({10}, torch::kDouble);
    TrajectoryLengthSearch search(first);
    for (int64_t n = 1; n <= 1000; ++n) {
      const double time = van_der_corput(n) * search.length();
      const CheesMoves moves = without_acceptance(ExactTrajectories(100, ones, ones, 0, rng).until(time));
      search.update(time * chees_slope(moves), 100);
    }
    EXPECT_NEAR(search.averaged(), kOptimum, 0.08 * kOptimum) << first;
  }
}

TEST(TrajectoryLengthSearch, StaysBelowTheLongest) {
  TrajectoryLengthSearch search(1);
  search.update(1e6, 100);
  EXPECT_NEAR(search.length(), std::exp(0.025), 1e-12) << "the first step is the learning rate's";
  EXPECT_DOUBLE_EQ(search.averaged(), search.length());
  for (int i = 0; i < 100; ++i) search.update(1e6, 1.5);
  EXPECT_NEAR(search.length(), 1.5, 1e-12);
  EXPECT_LE(search.averaged(), 1.5);
  search.update(0, 1.5);
  EXPECT_NEAR(search.length(), 1.5, 1e-12);
}

// Where the mean slope of the criterion in T is 0 on N(0, I) when trajectories take ceil(u T / h) leapfrog
// steps: each turns by arccos(1 - h^2 / 2), and times are longer than u T, by half a step in the mean. The
// slope at time t goes with sin 2 t, see above.
double optimum_in_steps(double step_size) {
  const double turn = std::acos(1 - step_size * step_size / 2);
  const auto slope = [&](double length) {
    double sum = 0, from = 0;  // over the steps, of the integral of u over the shares u that take so many
    for (int64_t steps = 1; from < 1; ++steps) {
      const auto count = static_cast<double>(steps);
      const double to = std::min(1.0, count * step_size / length);
      sum += (to * to - from * from) / 2 * std::sin(2 * count * turn);
      from = to;
    }
    return sum;
  };
  double low = 1, high = 3;
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    (slope(middle) > 0 ? low : high) = middle;
  }
  return low;
}

class CheesWithoutCentring : public Chees {
 public:
  using Chees::Chees;

 private:
  double slope(const CheesMoves& moves) const override { return chees_slope(without_centring(moves)); }
};

constexpr int64_t kDimension = 10;

Tensor spread() { return torch::linspace(0.5, 2, kDimension, torch::kDouble); }

FunctionTarget far_normal() {
  const Tensor sd = spread();
  return {kDimension, [sd](const Tensor& x) {
            return -((x - 5) / sd.to(x.scalar_type())).square().sum(1) / 2;
          }};
}

constexpr CheesSettings kTuned{.metropolis = {.target_accept = 0.95, .warmup = 600}};

// Chains of that kind after their warm-up, on independent normals about 5.
template <class Kind>
std::unique_ptr<Kind> warmed_up(const targets::Target& target, Rng& rng) {
  auto chains = std::make_unique<Kind>(target, rng.normal({100, kDimension}, torch::kDouble), kTuned);
  for (int64_t i = 0; i < kTuned.metropolis.warmup; ++i) chains->step(rng);
  return chains;
}

// The adapted length over the optimum at the adapted step size. Simulated over sixty seeds, it has the mean
// 1.00 and the standard deviation 0.022, of which the tolerance is six; without centring it is above 2.1.
template <class Kind>
double length_over_optimum() {
  Rng rng(3);
  const FunctionTarget target = far_normal();
  const auto chains = warmed_up<Kind>(target, rng);
  return chains->length() / optimum_in_steps(chains->step_size());
}

constexpr double kWithin = 0.14;

TEST(Chees, FindsTheOptimumOfANormalLaw) { EXPECT_NEAR(length_over_optimum<Chees>(), 1, kWithin); }

TEST(CheesControl, IsFoundNotToCentre) {
  EXPECT_GT(length_over_optimum<CheesWithoutCentring>(), 1 + kWithin);
}

TEST(Chees, FindsScaleAndAcceptanceAndKeepsThem) {
  Rng rng(3);
  const FunctionTarget target = far_normal();
  const auto chains = warmed_up<Chees>(target, rng);
  EXPECT_TRUE(torch::allclose(chains->scale(), spread(), 0.1)) << chains->scale();
  const double length = chains->length(), step_size = chains->step_size();
  double accepted = 0;
  for (int i = 0; i < 200; ++i) accepted += chains->step(rng).at("accept").get<double>() / 200;
  EXPECT_NEAR(accepted, 0.95, 0.03);
  EXPECT_EQ(chains->length(), length) << "tunes after its warm-up";
  EXPECT_EQ(chains->step_size(), step_size) << "tunes after its warm-up";
}

TEST(Chees, LeavesTheScaleAloneWithoutScaling) {
  Rng rng(3);
  const FunctionTarget target = far_normal();
  Chees chees(target, rng.normal({50, kDimension}, torch::kFloat),
              {.metropolis = {.target_accept = 0.651, .warmup = 40}, .scaling = false});
  for (int i = 0; i < 40; ++i) chees.step(rng);
  EXPECT_TRUE(torch::equal(chees.scale(), torch::ones({kDimension})));
}

// Of the step size 1/16 and six steps the share u of the time is exact.
TEST(Chees, TakesOneScoreALeapfrogStep) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Rng rng(3);
  Chees chees(target, rng.normal({7, 2}, torch::kFloat),
              {.metropolis = {.step_size = 0.0625}, .leapfrog = 6});
  EXPECT_EQ(meter.score, 0);
  int64_t before = 7;  // the start
  for (int64_t n = 1; n <= 40; ++n) {
    chees.step(rng);
    EXPECT_EQ(meter.score - before, 7 * static_cast<int64_t>(std::ceil(6 * van_der_corput(n)))) << n;
    before = meter.score;
  }
  EXPECT_EQ(meter.density, 7 * (40 + 1));
}

TEST(Chees, NeedsTwoChains) {
  const OptionTable& table = all_samplers().at("chees").options;
  EXPECT_THROW(Options(table, {{"chains", 1}}, "chees"), InputError);
  EXPECT_NO_THROW(Options(table, {{"chains", 2}}, "chees"));
}

}  // namespace
}  // namespace samplerbench::testing
