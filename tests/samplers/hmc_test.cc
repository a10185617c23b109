#include "samplers/mcmc/hmc.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "samplers/mcmc/chees.h"
#include "samplers/mcmc/langevin.h"
#include "samplers/mcmc/microcanonical.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::Hmc;

struct Phase {
  Tensor position, momentum, value, score;
};

// `count` leapfrog steps of all rows from `start`, the step size of each coordinate in `step` [D].
Phase leapfrog(const targets::Target& target, const Phase& start, const Tensor& step, int64_t count) {
  Phase end{start.position.clone(), start.momentum.clone(),
            torch::empty({start.position.size(0)}, step.options()),
            start.score.clone(at::MemoryFormat::Contiguous)};
  const Tensor length = torch::ones({start.position.size(0)}, step.options());
  samplers::leapfrog<double>({target, torch::kCPU}, length.size(0), step.size(0), length.data_ptr<double>(),
                             step.data_ptr<double>(), count,
                             {end.position.data_ptr<double>(), end.momentum.data_ptr<double>(),
                              end.value.data_ptr<double>(), end.score.data_ptr<double>()});
  return end;
}

Phase random_phase(const targets::Problem& problem, int64_t n) {
  Rng rng(5);
  const Tensor x = problem.reference.exact_draws(n, rng);
  auto [value, score] = problem.target->value_and_score(x);
  return {x, rng.normal({n, 2}, torch::kDouble), value, score};
}

Tensor energy(const Phase& phase) { return phase.momentum.square().sum(1) / 2 - phase.value; }

TEST(Leapfrog, IsReversible) {
  for (const std::string name : {"gaussian", "donut", "squiggle", "rosenbrock"}) {
    const targets::Problem problem = make_problem(name);
    const Phase start = random_phase(problem, 100);
    const Tensor step = torch::full({2}, 0.02, torch::kDouble);
    Phase end = leapfrog(*problem.target, start, step, 20);
    EXPECT_GT((end.position - start.position).abs().mean().item<double>(), 0.05) << name;
    end.momentum.neg_();
    const Phase back = leapfrog(*problem.target, end, step, 20);
    EXPECT_TRUE(torch::allclose(back.position, start.position, 1e-9, 1e-9)) << name;
    EXPECT_TRUE(torch::allclose(back.momentum, -start.momentum, 1e-8, 1e-8)) << name;
  }
}

// The volume element of one trajectory, by central differences over position and momentum.
TEST(Leapfrog, KeepsVolume) {
  const targets::Problem problem = make_problem("squiggle");
  const Phase start = random_phase(problem, 1);
  const Tensor step = torch::tensor({0.1, 0.2}, torch::kDouble);
  const auto flow = [&](const Tensor& z) {
    const Tensor x = z.slice(1, 0, 2).contiguous(), p = z.slice(1, 2, 4).contiguous();
    const Phase end = leapfrog(*problem.target, {x, p, {}, problem.target->score(x)}, step, 7);
    return torch::cat({end.position, end.momentum}, 1);
  };
  const Tensor z = torch::cat({start.position, start.momentum}, 1);
  const double small = 1e-6;
  const Tensor moves = small * torch::eye(4, torch::kDouble);
  std::vector<Tensor> columns;
  for (int64_t i = 0; i < 4; ++i)
    columns.push_back((flow(z + moves[i]) - flow(z - moves[i])).squeeze(0) / (2 * small));
  EXPECT_NEAR(torch::det(torch::stack(columns)).item<double>(), 1, 1e-6);
}

// Half the step size over the same trajectory: a quarter of the error of the energy.
TEST(Leapfrog, HasAnEnergyErrorOfSecondOrder) {
  for (const std::string name : {"gaussian", "donut", "squiggle"}) {
    const targets::Problem problem = make_problem(name);
    const Phase start = random_phase(problem, 200);
    const auto error = [&](double step_size, int64_t count) {
      const Tensor step = torch::full({2}, step_size, torch::kDouble);
      return (energy(leapfrog(*problem.target, start, step, count)) - energy(start))
          .abs()
          .mean()
          .item<double>();
    };
    EXPECT_NEAR(error(0.005, 40) / error(0.0025, 80), 4, 0.1) << name;
  }
}

TEST(Hmc, TakesOneScoreALeapfrogStep) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Rng rng(3);
  Hmc hmc(target, rng.normal({7, 2}, torch::kFloat), {.metropolis = {.warmup = 8}, .leapfrog = 6});
  EXPECT_EQ(meter.score, 0);
  int64_t before = 0;
  for (int i = 0; i < 20; ++i) {
    hmc.step(rng);
    EXPECT_LE(meter.score - before, 7 * (6 + 1));
    before = meter.score;
  }
  EXPECT_EQ(meter.score, 7 * (20 * 6 + 1)) << "L a transition, and one for the start";
  EXPECT_EQ(meter.density, 7 * (20 + 1));
}

TEST(Hmc, FindsScaleAndAcceptance) {
  const FunctionTarget target(2, [](const Tensor& x) {
    return -(x / torch::tensor({0.1, 10.0}, x.options())).square().sum(1) / 2;
  });
  Rng rng(3);
  Hmc hmc(target, rng.normal({200, 2}, torch::kFloat),
          {.metropolis = {.step_size = 0.1, .target_accept = 0.8, .warmup = 400}, .leapfrog = 10});
  for (int i = 0; i < 400; ++i) hmc.step(rng);
  EXPECT_NEAR(hmc.scale()[0].item<double>(), 0.1, 0.01);
  EXPECT_NEAR(hmc.scale()[1].item<double>(), 10, 1);
  double accepted = 0;
  for (int i = 0; i < 200; ++i) accepted += hmc.step(rng).at("accept").get<double>() / 200;
  EXPECT_NEAR(accepted, 0.8, 0.03);
}

TEST(Hmc, RejectsWhatIsNotFiniteAndStays) {
  const FunctionTarget quartic(1, [](const Tensor& x) { return -x.pow(4).sum(1); });
  Rng rng(3);
  Hmc hmc(quartic, torch::ones({50, 1}), {.metropolis = {.step_size = 40}, .leapfrog = 20});
  for (int i = 0; i < 20; ++i) hmc.step(rng);
  EXPECT_TRUE(torch::equal(hmc.state(), torch::ones({50, 1})));
}

// Averages over each chain's kept states are independent across chains: their mean and its standard error
// judge the known moments. Features x and x^2.
template <class Chains>
void expect_long_run_moments(const targets::Problem& problem, Chains& chains, int64_t transitions) {
  Rng rng(11);
  for (int64_t i = 0; i < transitions; ++i) chains.step(rng);
  const Tensor states = chains.chains()->to(torch::kDouble);
  const Tensor averages = torch::cat({states.mean(1), states.square().mean(1)}, 1);
  const auto& moments = *problem.reference.moments;
  const Tensor expected = torch::cat({moments.mean, moments.sd.square() + moments.mean.square()});
  EXPECT_TRUE(mean_is(averages, expected)) << averages.mean(0) << expected;
}

Tensor far_start() {
  Rng rng(7);
  return 2 * rng.normal({200, 2}, torch::kFloat);
}

TEST(Hmc, HasTheLongRunMoments) {
  for (const std::string name : {"gaussian", "donut", "squiggle", "rosenbrock"}) {
    SCOPED_TRACE(name);
    const targets::Problem problem = make_problem(name);
    if (!problem.reference.moments) continue;
    Hmc hmc(*problem.target, far_start(),
            {.metropolis = {.target_accept = 0.8, .warmup = 300}, .leapfrog = 10});
    expect_long_run_moments(problem, hmc, 2300);
  }
}

TEST(Chees, HasTheLongRunMoments) {
  for (const std::string name : {"gaussian", "donut", "squiggle"}) {
    SCOPED_TRACE(name);
    const targets::Problem problem = make_problem(name);
    if (!problem.reference.moments) continue;
    samplers::Chees chees(*problem.target, far_start(),
                          {.metropolis = {.target_accept = 0.651, .warmup = 500}});
    expect_long_run_moments(problem, chees, 2500);
  }
}

TEST(Mala, HasTheLongRunMoments) {
  for (const std::string name : {"gaussian", "donut", "squiggle"}) {
    SCOPED_TRACE(name);
    const targets::Problem problem = make_problem(name);
    if (!problem.reference.moments) continue;
    samplers::Mala mala(*problem.target, far_start(),
                        {.metropolis = {.target_accept = 0.574, .warmup = 500}, .sweep = 1});
    expect_long_run_moments(problem, mala, 10000);
  }
}

TEST(Mams, HasTheLongRunMoments) {
  for (const std::string name : {"gaussian", "donut", "squiggle"}) {
    SCOPED_TRACE(name);
    const targets::Problem problem = make_problem(name);
    if (!problem.reference.moments) continue;
    samplers::Mams mams(*problem.target, far_start(),
                        {.metropolis = {.step_size = 0.3, .target_accept = 0.9, .warmup = 500}});
    expect_long_run_moments(problem, mams, 2500);
  }
}

}  // namespace
}  // namespace samplerbench::testing
