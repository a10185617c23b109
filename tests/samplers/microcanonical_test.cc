#include "samplers/mcmc/microcanonical.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::IsokineticPoints;
using samplers::kMinimalNorm;
using samplers::Mams;
using samplers::Mclmc;
using samplers::PlainTarget;

using Numbers = std::vector<double>;

double product(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (size_t k = 0; k < b.size(); ++k) sum += a[k] * b[k];
  return sum;
}

// The time derivative of (u, K) under the vector s, where du/dt = (s - <u, s> u) / (D - 1) and
// dK/dt = <u, s>: [D + 1].
Numbers derivative(const Numbers& state, const Numbers& s) {
  const double along = product(state, s);
  Numbers slope(state.size(), along);
  for (size_t k = 0; k < s.size(); ++k)
    slope[k] = (s[k] - along * state[k]) / static_cast<double>(s.size() - 1);
  return slope;
}

Numbers moved(Numbers state, double time, const Numbers& slope) {
  for (size_t k = 0; k < state.size(); ++k) state[k] += time * slope[k];
  return state;
}

// (u, 0) after `time`, by 4000 steps of Runge and Kutta.
Numbers solved(const Numbers& u, double time, const Numbers& s) {
  constexpr int kSteps = 4000;
  const double h = time / kSteps;
  Numbers state = u;
  state.push_back(0);
  for (int i = 0; i < kSteps; ++i) {
    const Numbers a = derivative(state, s), b = derivative(moved(state, h / 2, a), s),
                  c = derivative(moved(state, h / 2, b), s), d = derivative(moved(state, h, c), s);
    for (size_t k = 0; k < state.size(); ++k) state[k] += h / 6 * (a[k] + 2 * b[k] + 2 * c[k] + d[k]);
  }
  return state;
}

TEST(Isokinetic, TurnsAsItsDifferentialEquation) {
  Rng rng(5);
  for (const int64_t dim : {2, 3, 10}) {
    for (const double time : {1e-3, 0.3, 2.0}) {
      Numbers u(static_cast<size_t>(dim)), score(u.size()), scale(u.size()), s(u.size());
      samplers::draw_directions(1, dim, u.data(), rng);
      rng.fill_normal(score.data(), dim);
      rng.fill_uniform(scale.data(), dim);
      for (size_t k = 0; k < s.size(); ++k) s[k] = scale[k] * score[k];
      const Numbers expected = solved(u, time, s);
      const double length = std::sqrt(product(s, s)), before = product(u, s) / length;
      const double growth = samplers::turn(dim, time, scale.data(), score.data(), u.data());
      for (size_t k = 0; k < u.size(); ++k) EXPECT_NEAR(u[k], expected[k], 1e-10) << dim << ' ' << time;
      EXPECT_NEAR(growth, expected.back(), 1e-10) << dim << ' ' << time;
      EXPECT_NEAR(product(u, u), 1, 1e-14);
      EXPECT_NEAR(product(u, s) / length,
                  std::tanh(std::atanh(before) + time * length / static_cast<double>(dim - 1)), 1e-12);
    }
  }
}

TEST(Isokinetic, TurnsNowhereWithoutAScore) {
  Numbers u{0.6, 0.8}, scale{1, 1}, score{0, 0};
  EXPECT_EQ(samplers::turn(2, 1.0, scale.data(), score.data(), u.data()), 0);
  EXPECT_EQ(u, (Numbers{0.6, 0.8}));
}

// Points with random directions, and unit scale.
class Moving {
 public:
  Moving(const targets::Target& target, const Tensor& position, Rng rng)
      : target_(target, torch::kCPU),
        position_(position.clone(at::MemoryFormat::Contiguous)),
        velocity_(torch::empty_like(position_)),
        scale_(torch::ones({position.size(1)}, torch::kDouble)),
        kinetic_(static_cast<size_t>(position.size(0))) {
    samplers::draw_directions(position.size(0), position.size(1), velocity_.data_ptr<double>(), rng);
    const auto both = target.value_and_score(position_);
    start_ = both.value.clone();
    value_ = both.value.clone(at::MemoryFormat::Contiguous);
    score_ = both.score.clone(at::MemoryFormat::Contiguous);
  }

  IsokineticPoints<double> points() {
    return {.target = target_,
            .count = position_.size(0),
            .dim = position_.size(1),
            .scale = scale_.data_ptr<double>(),
            .position = position_.data_ptr<double>(),
            .velocity = velocity_.data_ptr<double>(),
            .value = value_.data_ptr<double>(),
            .score = score_.data_ptr<double>(),
            .kinetic = kinetic_.data()};
  }

  // Growth of the energy since the start: [n].
  Tensor energy_error() {
    const Tensor kinetic = torch::from_blob(kinetic_.data(), {position_.size(0)}, torch::kDouble);
    return kinetic - (value_ - start_);
  }

  void reverse() { velocity_.neg_(); }
  const Tensor& position() const { return position_; }

 private:
  PlainTarget target_;
  Tensor position_, velocity_, scale_, start_, value_, score_;
  Numbers kinetic_;
};

TEST(Isokinetic, IsReversible) {
  for (const std::string name : {"gaussian", "donut", "squiggle"}) {
    const targets::Problem problem = make_problem(name);
    Rng rng(5);
    const Tensor start = problem.reference.exact_draws(100, rng);
    Moving moving(*problem.target, start, Rng(6));
    moving.points().leapfrog(0.03, 20);
    moving.points().minimal_norm(0.05);
    EXPECT_GT((moving.position() - start).abs().mean().item<double>(), 0.05) << name;
    moving.reverse();
    moving.points().minimal_norm(0.05);
    moving.points().leapfrog(0.03, 20);
    EXPECT_TRUE(torch::allclose(moving.position(), start, 1e-8, 1e-8)) << name;
    EXPECT_LT(moving.energy_error().abs().max().item<double>(), 1e-8) << name;
  }
}

constexpr int64_t kDim = 20;

// dE^2 / D of one step from 20,000 exact draws of N(0, I), the same for every step: [20,000].
template <class Step>
Tensor squared_errors(const Step& step) {
  const FunctionTarget target = standard_normal(kDim);
  Rng rng(5);
  Moving moving(target, rng.normal({20000, kDim}, torch::kDouble), Rng(6));
  step(moving.points());
  return moving.energy_error().square() / static_cast<double>(kDim);
}

Tensor leapfrog_errors(double h) {
  return squared_errors([=](const auto& points) { points.leapfrog(h, 1); });
}

Tensor minimal_norm_errors(double h) {
  return squared_errors([=](const auto& points) { points.minimal_norm(h); });
}

// On N(0, I) a step of length h that first turns for a share b of it has the energy error
//   dE = c h^3 (-2 p P / (D - 1)^2) + O(h^4),
// where p = <u, -x> is N(0, 1) and P = |x|^2 - p^2, independent, is chi squared with D - 1 degrees of
// freedom. For the minimal-norm integrator c = -(1 - 6 b + 6 b^2) / 12, and for leapfrog, where b = 1/2,
// c = 1/24. Hence E[dE^2] / D = 4 c^2 h^6 (D + 1) / ((D - 1)^3 D).
double expected_error(double h, double b) {
  const double c = (1 - 6 * b + 6 * b * b) / 12, n = kDim - 1;
  return 4 * c * c * std::pow(h, 6) * (n + 2) / (n * n * n * kDim);
}

TEST(Isokinetic, HasTheEnergyErrorOfItsExpansion) {
  for (const double h : {0.25, 0.5}) {
    EXPECT_TRUE(mean_is(leapfrog_errors(h) / expected_error(h, 0.5), 1.0)) << h;
    EXPECT_TRUE(mean_is(minimal_norm_errors(h) / expected_error(h, kMinimalNorm), 1.0)) << h;
  }
}

// With errors that are exactly a h^6 the first update finds the step size.
TEST(EnergyErrorSearch, FindsTheStepSizeOfTheWantedError) {
  samplers::EnergyErrorSearch search(0.5, 5e-4);
  for (int i = 0; i < 5; ++i) {
    const double error = 1e-3 * std::pow(search.step_size(), 6);
    search.update({error, error, error}, false);
    EXPECT_NEAR(search.step_size(), std::pow(0.5, 1.0 / 6), 1e-6);
  }
  search.update({0, 1e-9, 1e-9}, true);
  EXPECT_NEAR(search.step_size(), 0.8 * std::pow(0.5, 1.0 / 6), 1e-6);
  search.update({0, 0, 0}, false);
  EXPECT_NEAR(search.step_size(), 0.8 * std::pow(0.5, 1.0 / 6), 1e-6) << "longer than a step that failed";
  search.update({1e300, 1e300, 1e300}, false);
  EXPECT_GT(search.step_size(), 0);
}

// Autoregressive chains with correlation rho at lag 1: the time is (1 + rho) / (1 - rho) = 9. That of one
// window and coordinate has a standard deviation of about 0.6, hence the mean one of about 0.09.
TEST(AutocorrelationWindow, HasTheTimeOfAutoregressiveChains) {
  constexpr double kRho = 0.8;
  constexpr int64_t kStates = 200, kWindows = 20;
  Rng rng(5);
  Tensor state = rng.normal({100, 2}, torch::kDouble);
  double mean = 0;
  samplers::AutocorrelationWindow window(state, kStates);
  for (int64_t i = 0; i < kWindows; ++i) {
    for (int64_t t = 0; t < kStates; ++t) {
      state = kRho * state + std::sqrt(1 - kRho * kRho) * rng.normal({100, 2}, torch::kDouble);
      window.add(state);
    }
    const std::optional<double> time = window.take();
    ASSERT_TRUE(time.has_value());
    mean += *time / kWindows;
  }
  EXPECT_NEAR(mean, (1 + kRho) / (1 - kRho), 0.6);
}

TEST(AutocorrelationWindow, IsSilentAboutFewStates) {
  const Tensor state = torch::ones({3, 2});
  samplers::AutocorrelationWindow window(state, 20);
  EXPECT_FALSE(window.take().has_value());
  for (int i = 0; i < 19; ++i) window.add(state);
  EXPECT_FALSE(window.take().has_value());
  for (int i = 0; i < 20; ++i) window.add(state);
  EXPECT_GT(window.take().value(), 0) << "chains that do not move";
}

TEST(TrajectorySteps, HaveTheirMean) {
  constexpr int kGrid = 100000;
  for (const double mean : {1.0, 1.2, 1.5, 2.7, 5.0, 17.3}) {
    double sum = 0;
    for (int i = 0; i < kGrid; ++i)
      sum += static_cast<double>(samplers::trajectory_steps(mean, (i + 0.5) / kGrid));
    EXPECT_NEAR(sum / kGrid, mean, 1e-3);
    EXPECT_EQ(samplers::trajectory_steps(mean, 0), 1);
  }
}

TEST(Microcanonical, NeedsTwoCoordinates) {
  const FunctionTarget line = standard_normal(1), plane = standard_normal(2);
  for (const std::string name : {"mams", "mclmc"}) {
    EXPECT_THROW(make_sampler(name, Json::object(), line), InputError) << name;
    EXPECT_NO_THROW(make_sampler(name, Json::object(), plane)) << name;
  }
}

TEST(Mclmc, TakesTwoScoresAStep) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Rng rng(3);
  Mclmc mclmc(target, rng.normal({7, 2}, torch::kFloat), {.warmup = 60});
  EXPECT_EQ(meter.score, 0);
  for (int i = 0; i < 80; ++i) mclmc.step(rng);
  EXPECT_EQ(meter.score, 7 * (2 * 80 + 1));
  EXPECT_EQ(meter.density, 7 * (80 + 1));
}

TEST(Mclmc, MovesAtUnitSpeed) {
  const targets::Problem problem = make_problem("squiggle");
  for (const auto dtype : {torch::kFloat, torch::kDouble}) {
    Rng rng(3);
    Mclmc mclmc(*problem.target, rng.normal({50, 2}, dtype), {.warmup = 100});
    for (int i = 0; i < 300; ++i) {
      mclmc.step(rng);
      const Tensor speed = mclmc.velocity().to(torch::kDouble).norm(2, 1);
      ASSERT_LT((speed - 1).abs().max().item<double>(), dtype == torch::kFloat ? 1e-6 : 1e-14) << i;
    }
  }
}

// A disc of radius 2, outside of which the log density is not a number.
TEST(Mclmc, TakesChainsBackThatLeaveTheFiniteNumbers) {
  const FunctionTarget disc(2, [](const Tensor& x) { return (4 - x.square().sum(1)).log(); });
  Rng rng(3);
  Mclmc mclmc(disc, 0.3 * rng.normal({100, 2}, torch::kDouble), {.step_size = 0.7, .warmup = 0});
  int64_t restored = 0;
  for (int i = 0; i < 100; ++i) {
    const Json diagnostics = mclmc.step(rng);
    restored += diagnostics.at("restored").get<int64_t>();
    EXPECT_TRUE(std::isfinite(diagnostics.at("energy_error").get<double>()));
    ASSERT_LT(mclmc.state().norm(2, 1).max().item<double>(), 2);
  }
  EXPECT_GT(restored, 0);
  EXPECT_TRUE(torch::allclose(mclmc.velocity().norm(2, 1), torch::ones({100}, torch::kDouble)));
}

// Chains that start from exact draws of N(0, I), after a hundred steps on `target`: the mean square of the
// coordinates of each, [5000].
Tensor squares_after_steps(const targets::Target& target) {
  Rng rng(3);
  Mclmc mclmc(target, rng.normal({5000, kDim}, torch::kDouble),
              {.step_size = 1, .length = std::sqrt(static_cast<double>(kDim)), .warmup = 0, .history = 2});
  for (int i = 0; i < 100; ++i) mclmc.step(rng);
  return mclmc.state().square().mean(1);
}

// Leapfrog at h = 4 has a variance of 1.07 here. The bias goes with c h^2, see expected_error(), and that of
// the minimal norm at h = 1 is 120 times smaller: far below what can be seen.
TEST(Mclmc, HasTheSecondMomentOfAGaussianAtASmallStep) {
  EXPECT_TRUE(mean_is(squares_after_steps(standard_normal(kDim)), 1.0));
}

// A chain that counts D directions of motion where there are D - 1 moves as a right one does on the density
// to the power (D - 1) / D: its variance is D / (D - 1).
TEST(MclmcControl, IsFoundToCountOneDirectionTooMany) {
  const FunctionTarget flatter(kDim, [](const Tensor& x) {
    return -x.square().sum(1) / 2 * (static_cast<double>(kDim - 1) / static_cast<double>(kDim));
  });
  EXPECT_FALSE(mean_is(squares_after_steps(flatter), 1.0));
}

// Independent normals with these standard deviations, [D].
FunctionTarget scaled_normal(const Tensor& sd) {
  return {sd.size(0), [sd](const Tensor& x) { return -(x / sd.to(x.scalar_type())).square().sum(1) / 2; }};
}

// The bias that goes with an energy error of 5e-4 is about 2 % of a variance.
TEST(Mclmc, TunesItself) {
  const Tensor sd = torch::linspace(0.5, 2, 10, torch::kDouble);
  const FunctionTarget target = scaled_normal(sd);
  Rng rng(3);
  Mclmc mclmc(target, rng.normal({200, 10}, torch::kFloat), {.step_size = 0.8, .length = 3.2, .warmup = 900});
  for (int i = 0; i < 900; ++i) mclmc.step(rng);
  EXPECT_TRUE(torch::allclose(mclmc.scale().to(torch::kDouble), sd, 0.1)) << mclmc.scale();
  const double step_size = mclmc.step_size(), length = mclmc.length();
  EXPECT_NE(length, std::sqrt(10.0)) << "knows no autocorrelation time";
  double error = 0;
  for (int i = 0; i < 600; ++i) error += mclmc.step(rng).at("energy_error").get<double>() / 600;
  EXPECT_GT(error, 5e-4 / 1.5);
  EXPECT_LT(error, 5e-4 * 1.5);
  EXPECT_EQ(mclmc.step_size(), step_size) << "tunes after its warm-up";
  EXPECT_EQ(mclmc.length(), length) << "tunes after its warm-up";
  const Tensor variance = mclmc.chains()->to(torch::kDouble).square().mean(1).mean(0);
  EXPECT_TRUE(torch::allclose(variance, sd.square(), 0.1)) << variance;
}

TEST(Mclmc, HasTheRootOfTheVariancesForItsLengthWithoutScaling) {
  const FunctionTarget target = standard_normal(10);
  Rng rng(3);
  Mclmc mclmc(target, rng.normal({200, 10}, torch::kFloat),
              {.step_size = 0.8, .length = 1, .scaling = false, .warmup = 100});
  for (int i = 0; i < 60; ++i) mclmc.step(rng);
  EXPECT_TRUE(torch::equal(mclmc.scale(), torch::ones({10})));
  EXPECT_NEAR(mclmc.length(), std::sqrt(10.0), 0.3);
}

// One step where `leapfrog` is 1, else the mean of many.
TEST(Mams, TakesOneScoreALeapfrogStep) {
  const targets::Problem problem = make_problem("donut");
  for (const int64_t leapfrog : {1, 5}) {
    Meter meter;
    const targets::MeteredTarget target(*problem.target, meter);
    Rng rng(3);
    Mams mams(target, rng.normal({7, 2}, torch::kFloat),
              {.metropolis = {.step_size = 0.05}, .leapfrog = leapfrog});
    EXPECT_EQ(meter.score, 0);
    constexpr int64_t kTransitions = 300;
    Tensor steps = torch::empty({kTransitions}, torch::kDouble);
    int64_t before = 7;  // the start
    for (int64_t i = 0; i < kTransitions; ++i) {
      mams.step(rng);
      ASSERT_EQ((meter.score - before) % 7, 0);
      steps.data_ptr<double>()[i] = static_cast<double>((meter.score - before) / 7);
      before = meter.score;
    }
    EXPECT_EQ(steps.min().item<double>(), 1);
    EXPECT_TRUE(mean_is(steps, static_cast<double>(leapfrog))) << steps.mean();
    EXPECT_EQ(meter.density, 7 * (kTransitions + 1));
  }
}

TEST(Mams, FindsScaleAndAcceptance) {
  const Tensor sd = torch::linspace(0.5, 2, 100, torch::kDouble);
  const FunctionTarget target = scaled_normal(sd);
  Rng rng(3);
  Mams mams(target, rng.normal({100, 100}, torch::kFloat),
            {.metropolis = {.step_size = 2, .target_accept = 0.9, .warmup = 500}});
  for (int i = 0; i < 500; ++i) mams.step(rng);
  EXPECT_TRUE(torch::allclose(mams.scale().to(torch::kDouble), sd, 0.15)) << mams.scale();
  EXPECT_GT(mams.mean_steps(), 1.09) << "a step longer than L / 1.1";
  const double found = mams.step_size();
  double accepted = 0;
  for (int i = 0; i < 200; ++i) accepted += mams.step(rng).at("accept").get<double>() / 200;
  EXPECT_NEAR(accepted, 0.9, 0.05);
  EXPECT_EQ(mams.step_size(), found) << "tunes after its warm-up";
}

}  // namespace
}  // namespace samplerbench::testing
