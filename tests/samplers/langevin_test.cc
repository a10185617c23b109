#include "samplers/mcmc/langevin.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::Mala;
using samplers::Ula;
using samplers::UlaSettings;

// The stationary variance of ULA on N(0, 1) is 1 / (1 - h / 4): each step multiplies the distance to it by
// (1 - h / 2)^2, so that 200 steps forget the start.
TEST(Ula, HasItsKnownStationaryVariance) {
  const FunctionTarget target = standard_normal(1);
  for (const double h : {0.25, 0.5, 1.5}) {
    Rng rng(3);
    Ula ula(target, rng.normal({50000, 1}, torch::kFloat), {.step_size = h, .history = 2});
    for (int i = 0; i < 200; ++i) ula.step(rng);
    const Tensor squares = ula.state().to(torch::kDouble).square();
    EXPECT_TRUE(mean_is(squares, 1 / (1 - h / 4))) << h;
    EXPECT_FALSE(mean_is(squares, 1.0)) << "the bias is too small to be seen at " << h;
  }
}

TEST(Ula, TakesOneScoreATransition) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Rng rng(3);
  Ula ula(target, rng.normal({7, 2}, torch::kFloat), {});
  for (int i = 0; i < 10; ++i) ula.step(rng);
  EXPECT_EQ(meter.score, 70);
  EXPECT_EQ(meter.density, 0);
}

TEST(Ula, SaysThatItDiverged) {
  const FunctionTarget quartic(1, [](const Tensor& x) { return -x.pow(4).sum(1); });
  Rng rng(3);
  const Tensor start = 3 * torch::ones({4, 1});
  Ula ula(quartic, start, {.step_size = 0.5});
  const auto walk = [&](int64_t steps) {
    for (int64_t i = 0; i < steps; ++i) ula.step(rng);
  };
  walk(20);
  EXPECT_THROW(ula.draw(4, rng), Diverged);
  EXPECT_THROW(walk(64), Diverged);
}

TEST(Ula, LeavesItsStartAsItWas) {
  const FunctionTarget target = standard_normal(2);
  const Tensor start = torch::ones({5, 2});
  Rng rng(3);
  Ula ula(target, start, {});
  ula.step(rng);
  EXPECT_TRUE(torch::equal(start, torch::ones({5, 2})));
}

TEST(Mala, TakesOneValueAndScoreATransition) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Rng rng(3);
  Mala mala(target, rng.normal({7, 2}, torch::kFloat), {.metropolis = {.warmup = 5}});
  EXPECT_EQ(meter.score, 0);
  for (int i = 0; i < 10; ++i) mala.step(rng);
  EXPECT_EQ(meter.score, 7 * (10 + 1)) << "one a transition, and one for the start";
  EXPECT_EQ(meter.density, 7 * (10 + 1));
}

// The ratio against its definition, densities of the two proposals and all, in float64. In a gap of the state
// a rejected proposal leaves value and score unseen, so that a chain whose every move is compared is the
// whole check.
TEST(Mala, AcceptsByTheRatioOfItsDefinition) {
  struct Checked : Mala {
    using Mala::Mala;

    void propose(Rng& rng, samplers::Proposal& proposal) override {
      Mala::propose(rng, proposal);
      const double h = length();
      const auto density = [h](const Tensor& to, const Tensor& from, const Tensor& score) {
        return -(to - from - h / 2 * score).square().sum(1) / (2 * h);
      };
      const Tensor expected = proposal.value - value_ + density(state_, proposal.state, proposal.score) -
                              density(proposal.state, state_, score_);
      EXPECT_TRUE(torch::allclose(torch::tensor(proposal.log_ratio, torch::kDouble), expected, 1e-9, 1e-9));
    }
  };
  const targets::Problem problem = make_problem("squiggle");
  Rng rng(3);
  Checked mala(*problem.target, rng.normal({50, 2}, torch::kDouble),
               {.metropolis = {.step_size = 0.3}, .sweep = 1});
  for (int i = 0; i < 20; ++i) mala.step(rng);
}

TEST(Mala, RejectsWhatIsNotFiniteAndStays) {
  const FunctionTarget target(1, [](const Tensor& x) { return (-x * x / 2 + 0 * (2 - x).sqrt()).sum(1); });
  Rng rng(3);
  Mala mala(target, torch::zeros({100, 1}), {.metropolis = {.step_size = 1}});
  for (int i = 0; i < 200; ++i) mala.step(rng);
  EXPECT_TRUE(mala.state().isfinite().all().item<bool>());
  EXPECT_LE(mala.state().max().item<double>(), 2);
  EXPECT_GT(mala.state().std().item<double>(), 0.3);
}

TEST(Mala, AdaptsToItsTargetAcceptance) {
  const targets::Problem problem = make_problem("donut");
  for (const double target : {0.4, 0.574, 0.8}) {
    Rng rng(3);
    Mala mala(*problem.target, problem.reference.exact_draws(500, rng).to(torch::kFloat),
              {.metropolis = {.step_size = 0.1, .target_accept = target, .warmup = 400}});
    for (int i = 0; i < 400; ++i) mala.step(rng);
    const double adapted = mala.step_size();
    double accepted = 0;
    for (int i = 0; i < 200; ++i) accepted += mala.step(rng).at("accept").get<double>() / 200;
    EXPECT_NEAR(accepted, target, 0.03);
    EXPECT_EQ(mala.step_size(), adapted) << "no adaptation after warm-up";
  }
}

}  // namespace
}  // namespace samplerbench::testing
