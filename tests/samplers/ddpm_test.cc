#include "samplers/diffusion/ddpm.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error.h"
#include "targets/planar/gaussian_mixture.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::Ddpm;
using samplers::reverse_times;
using samplers::ReverseSchedule;
using samplers::ReverseSettings;
using samplers::ReverseUpdate;

constexpr int64_t kDraws = 20000;  // two blocks

template <class Variant = Ddpm>
Tensor draws_of(const targets::Target& target, const ReverseSettings& settings, int64_t n = kDraws) {
  Variant sampler(target, torch::kDouble, settings);
  Rng rng(3);
  return sampler.draw(n, rng);
}

// The first and second moments of points in the plane: [n, 2] -> [n, 5].
Tensor features(const Tensor& x) { return torch::cat({x, x.square(), x.prod(1, true)}, 1); }

struct PlaneLaw {
  Tensor mean;        // [2]
  Tensor covariance;  // [2, 2]
};

// The mean of `features` under the law: [5].
Tensor mean_features(const PlaneLaw& law) {
  const Tensor second = law.covariance + torch::outer(law.mean, law.mean);
  return torch::cat({law.mean, second.diagonal(), second[0].slice(0, 1)});
}

// What the forward process makes of `law` until time t: another mean and covariance.
PlaneLaw diffused(const PlaneLaw& law, double time) {
  const double shrunk = std::exp(-2 * time);
  return {std::exp(-time) * law.mean, shrunk * law.covariance + (1 - shrunk) * torch::eye(2, torch::kDouble)};
}

// The law of draws where the target is N(mean, covariance): every update is linear in x, since the score at
// time t is -P (x - m) with the precision P and mean m of that time.
PlaneLaw law_of_draws(const PlaneLaw& target, const ReverseSettings& settings) {
  const std::vector<double> times = reverse_times(settings);
  const Tensor identity = torch::eye(2, torch::kDouble);
  PlaneLaw law{torch::zeros({2}, torch::kDouble), identity};
  for (size_t k = 0; k + 1 < times.size(); ++k) {
    const double h = times[k] - times[k + 1];
    const PlaneLaw now = diffused(target, times[k]);
    const Tensor pull = 2 * (std::exp(h) - 1) * now.covariance.inverse();
    const Tensor map = std::exp(h) * identity - pull;
    law = {map.mv(law.mean) + pull.mv(now.mean),
           map.mm(law.covariance).mm(map.t()) + (std::exp(2 * h) - 1) * identity};
  }
  return law;
}

PlaneLaw correlated() {
  return {torch::zeros({2}, torch::kDouble), torch::tensor({{1.0, 0.8}, {0.8, 1.0}}, torch::kDouble)};
}

TEST(ReverseTimes, LeadFromTheHorizonToTheStop) {
  for (const auto schedule : {ReverseSchedule::capped, ReverseSchedule::linear, ReverseSchedule::exponential})
    for (const double horizon : {0.5, 6.0}) {
      const auto times = reverse_times({.steps = 7, .horizon = horizon, .stop = 0.01, .schedule = schedule});
      ASSERT_EQ(times.size(), 8u);
      EXPECT_NEAR(times.front(), horizon, 1e-12);
      EXPECT_NEAR(times.back(), 0.01, 1e-12);
      for (size_t k = 1; k < times.size(); ++k) EXPECT_LT(times[k], times[k - 1]);
    }
}

// 235 updates are what h = 0.05 min(1, t) takes from 6 to 0.001.
TEST(ReverseTimes, OfTheCappedScheduleShortenWithWhatIsLeft) {
  const auto times = reverse_times({.steps = 235});
  const double c = (5 + std::log(1000)) / 235;
  EXPECT_NEAR(c, 0.05, 0.001);
  for (size_t k = 1; k < times.size(); ++k) {
    if (times[k] > 1) {
      EXPECT_NEAR(times[k - 1] - times[k], c, 1e-12) << k;
    } else if (times[k - 1] < 1) {
      EXPECT_NEAR(times[k] / times[k - 1], std::exp(-c), 1e-12) << k;
    }
  }
}

TEST(ReverseTimes, OfTheOtherSchedulesHaveEqualDifferencesOrRatios) {
  const auto linear = reverse_times({.steps = 9, .schedule = ReverseSchedule::linear});
  const auto exponential = reverse_times({.steps = 9, .schedule = ReverseSchedule::exponential});
  for (size_t k = 1; k < linear.size(); ++k) {
    EXPECT_NEAR(linear[k - 1] - linear[k], (6 - 1e-3) / 9, 1e-12);
    EXPECT_NEAR(exponential[k] / exponential[k - 1], std::pow(1e-3 / 6, 1.0 / 9), 1e-12);
  }
}

TEST(ReverseTimes, AreRefusedWhereTheyWouldNotFall) {
  EXPECT_THROW(reverse_times({.horizon = 1, .stop = 1}), InputError);
  EXPECT_THROW(reverse_times({.horizon = 1, .stop = 2}), InputError);
}

TEST(Ddpm, HasTheLawOfItsLinearUpdatesOnAGaussian) {
  const targets::Problem problem = make_problem("gaussian");
  for (const auto schedule : {ReverseSchedule::capped, ReverseSchedule::linear, ReverseSchedule::exponential})
    for (const int64_t steps : {25, 100}) {
      const ReverseSettings settings{.steps = steps, .schedule = schedule};
      const Tensor expected = mean_features(law_of_draws(correlated(), settings));
      EXPECT_TRUE(mean_is(features(draws_of(*problem.target, settings)), expected, kFalseAlarm, 6))
          << static_cast<int>(schedule) << ' ' << steps;
    }
}

TEST(Ddpm, FindsAMeanFarFromItsStart) {
  const Tensor mean = torch::tensor({3.0, -1.0}, torch::kDouble);
  const targets::Problem problem =
      targets::gaussian_mixture(mean.unsqueeze(0), torch::ones({1}, torch::kDouble), 0.5);
  const PlaneLaw law{mean, 0.25 * torch::eye(2, torch::kDouble)};
  const ReverseSettings settings{.steps = 50};
  EXPECT_TRUE(
      mean_is(features(draws_of(*problem.target, settings)), mean_features(law_of_draws(law, settings))));
}

// The target's own law is told from that of few updates, and not from that of many.
TEST(Ddpm, TendsToTheTarget) {
  const targets::Problem problem = make_problem("gaussian");
  const ReverseSettings few{.steps = 25}, many{.steps = 2000};
  const Tensor target = mean_features(diffused(correlated(), few.stop));
  EXPECT_FALSE(mean_is(features(draws_of(*problem.target, few)), target));
  EXPECT_TRUE(torch::allclose(mean_features(law_of_draws(correlated(), many)), target, 0.01, 0.01));
}

// By how much the covariance of draws of the correlated Gaussian is off after so many updates.
double covariance_error(int64_t steps) {
  const ReverseSettings settings{.steps = steps};
  const Tensor wanted = diffused(correlated(), settings.stop).covariance;
  return (law_of_draws(correlated(), settings).covariance - wanted).abs().max().item<double>();
}

// With the exact score the reverse process is exact for a Gaussian as updates shorten: twice as many halve
// what is wrong, up to terms in c^2. The draws of a thousand have the target's own moments, whose error of
// 0.005 is a third of a standard error.
TEST(Ddpm, IsExactForAGaussianAsUpdatesShorten) {
  for (const int64_t steps : {250, 500, 1000})
    EXPECT_NEAR(covariance_error(steps) / covariance_error(2 * steps), 2, 40.0 / static_cast<double>(steps));
  EXPECT_LT(covariance_error(4000), 2e-3);
  const targets::Problem problem = make_problem("gaussian");
  const ReverseSettings settings{.steps = 1000};
  EXPECT_TRUE(mean_is(features(draws_of(*problem.target, settings, 10000)),
                      mean_features(diffused(correlated(), settings.stop))));
}

// The bias that the header states, in units of c up to terms of order c.
TEST(Ddpm, MakesVariancesTooLargeByItsUpdates) {
  const PlaneLaw normal{torch::zeros({2}, torch::kDouble), torch::eye(2, torch::kDouble)};
  const ReverseSettings settings;
  const auto times = reverse_times(settings);
  const double c = times[0] - times[1];
  const double excess = law_of_draws(normal, settings).covariance[0][0].item<double>() - 1;
  EXPECT_NEAR(excess / c, (1 - std::exp(-2)) / 2, c);
}

struct LoudNoise : Ddpm {
  using Ddpm::Ddpm;
  ReverseUpdate update(double length) const override {
    ReverseUpdate wrong = Ddpm::update(length);
    wrong.noise *= 1.1;
    return wrong;
  }
};

struct ScoreOfHalfTheTime : Ddpm {
  using Ddpm::Ddpm;
  Tensor score(const Tensor& x, double time) const override { return Ddpm::score(x, time / 2); }
};

TEST(DdpmControl, WrongNoiseAndWrongTimesAreFound) {
  const targets::Problem problem = make_problem("gaussian");
  const ReverseSettings settings{.steps = 100};
  const Tensor expected = mean_features(law_of_draws(correlated(), settings));
  EXPECT_FALSE(mean_is(features(draws_of<LoudNoise>(*problem.target, settings)), expected));
  EXPECT_FALSE(mean_is(features(draws_of<ScoreOfHalfTheTime>(*problem.target, settings)), expected));
}

struct EulerMaruyama : Ddpm {
  using Ddpm::Ddpm;
  ReverseUpdate update(double length) const override {
    return {.growth = 1 + length, .drift = 2 * length, .noise = std::sqrt(2 * length)};
  }
};

// The root mean square distance of draws from those of Euler and Maruyama's updates by the same noise.
double distance_from_euler(const targets::Target& target, int64_t steps) {
  const ReverseSettings settings{.steps = steps};
  const Tensor apart = draws_of(target, settings, 1000) - draws_of<EulerMaruyama>(target, settings, 1000);
  return std::sqrt(apart.square().mean().item<double>());
}

// Two schemes that solve the same equation with additive noise come together as 1 / N. Their joint linear
// recursion gives the distances 0.0128 and 0.0031.
TEST(Ddpm, AgreesWithEulerAndMaruyamaAtManySteps) {
  const targets::Problem problem = make_problem("gaussian");
  const double apart = distance_from_euler(*problem.target, 200);
  const double closer = distance_from_euler(*problem.target, 800);
  EXPECT_GT(apart / closer, 3);
  EXPECT_LT(apart / closer, 5);
  EXPECT_LT(closer, 0.005);
}

// Whether two samples of the plane agree, in moments to the second order and in their marginal laws.
bool same_plane_law(const Tensor& draws, const Tensor& expected) {
  if (!means_agree(features(draws), features(expected), kFalseAlarm, 3)) return false;
  for (int64_t i = 0; i < 2; ++i)
    if (kolmogorov_smirnov_two_sample_p(draws.select(1, i), expected.select(1, i)) < kFalseAlarm / 3)
      return false;
  return true;
}

// 400 updates make the variance of the second coordinate 0.008 too large, 1.1 standard errors of a
// difference, so that a false alarm is some ten times likelier than kFalseAlarm.
TEST(Ddpm, HasTheLawOfAMixtureAfterManyUpdates) {
  const targets::Problem problem = make_problem("mog2");
  Rng rng(4);
  const Tensor expected = problem.reference.exact_draws(kDraws, rng);
  EXPECT_TRUE(same_plane_law(draws_of(*problem.target, {.steps = 400}), expected));
  EXPECT_FALSE(same_plane_law(draws_of(*problem.target, {.steps = 10}), expected));
}

// The share of draws in the first mode less its weight.
double weight_error(const targets::Problem& problem, const ReverseSettings& settings) {
  const Tensor modes = problem.reference.modes->assign(draws_of(*problem.target, settings));
  return (modes == 0).to(torch::kDouble).mean().item<double>() -
         problem.reference.modes->weights[0].item<double>();
}

// N(0, I) at the horizon is symmetric as mog2 is, so that its weights have no bias. Other weights have that
// of the start, at most (sqrt(D) + m) e^-T with m^2 = E |x|^2 = 5, and that of the updates, in proportion to
// their length, which is 0.0022 at 400 by quadrature and is allowed 0.005.
TEST(Ddpm, GivesModesTheirWeights) {
  const double horizon = 6, start_bias = (std::sqrt(2) + std::sqrt(5)) * std::exp(-horizon);
  const auto error = [](double weight) {
    return z_bound(kFalseAlarm, 2) * std::sqrt(weight * (1 - weight) / kDraws);
  };
  EXPECT_LT(std::abs(weight_error(make_problem("mog2"), {.steps = 400, .horizon = horizon})), error(0.5));
  const Tensor means = torch::tensor({-2.0, 0.0, 2.0, 0.0}, torch::kDouble).view({2, 2});
  const targets::Problem uneven =
      targets::gaussian_mixture(means, torch::tensor({0.8, 0.2}, torch::kDouble), std::sqrt(0.5));
  const double bound = error(0.8) + start_bias + 0.005;
  EXPECT_LT(std::abs(weight_error(uneven, {.steps = 400, .horizon = horizon})), bound);
  EXPECT_GT(std::abs(weight_error(uneven, {.steps = 400, .horizon = 0.5})), bound) << "begins too late";
}

TEST(Ddpm, TakesOneScoreAnUpdate) {
  const targets::Problem problem = make_problem("gaussian");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Ddpm sampler(target, torch::kFloat, {.steps = 30});
  Rng rng(3);
  sampler.step(rng);
  EXPECT_EQ(meter.score, 0);
  EXPECT_EQ(sampler.draw(25, rng).sizes(), (std::vector<int64_t>{25, 2}));
  EXPECT_EQ(meter.score, 25 * 30);
  EXPECT_EQ(meter.density, 0);
}

// It needs more than an unnormalised density, so that reports do not rank it beside those that see no more.
TEST(Ddpm, KnowsMoreThanTheDensity) {
  EXPECT_EQ(all_samplers().at("ddpm").facts.information, samplers::Information::truth);
}

TEST(Ddpm, RefusesTargetsWhoseBlurIsNotKnown) {
  const targets::Problem donut = make_problem("donut"), gaussian = make_problem("gaussian");
  EXPECT_THROW(make_sampler("ddpm", Json::object(), *donut.target), InputError);
  EXPECT_THROW(make_sampler("ddpm", {{"stop", 6}}, *gaussian.target), InputError);
  EXPECT_NO_THROW(make_sampler("ddpm", {{"schedule", "linear"}}, *gaussian.target));
}

TEST(Ddpm, RefusesTheTimesOfOtherOptions) {
  const targets::Problem problem = make_problem("gaussian");
  Archive archive;
  Ddpm(*problem.target, torch::kFloat, {.steps = 30}).save(archive);
  Ddpm same(*problem.target, torch::kFloat, {.steps = 30}),
      longer(*problem.target, torch::kFloat, {.steps = 31}),
      later(*problem.target, torch::kFloat, {.steps = 30, .stop = 0.01});
  EXPECT_NO_THROW(same.load(archive));
  EXPECT_THROW(longer.load(archive), InputError);
  EXPECT_THROW(later.load(archive), InputError);
}

struct LostScore : Ddpm {
  using Ddpm::Ddpm;
  Tensor score(const Tensor& x, double) const override {
    return torch::full_like(x, std::numeric_limits<double>::quiet_NaN());
  }
};

TEST(Ddpm, SaysThatItDiverged) {
  const targets::Problem problem = make_problem("gaussian");
  EXPECT_THROW(draws_of<LostScore>(*problem.target, {.steps = 5}), Diverged);
}

}  // namespace
}  // namespace samplerbench::testing
