#include "samplers/exact_oracle.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/samplers/fixtures.h"

namespace samplerbench::testing {
namespace {

constexpr int64_t kPool = 20000;
constexpr double kErrors =
    5.3;  // standard errors: false alarms below 1e-6 in all of a test's checks together

std::unique_ptr<samplers::Sampler> make(const targets::Problem& problem, double first_mode_weight) {
  const auto& entry = all_samplers().at("exact-oracle");
  const Options options(entry.options, {{"first_mode_weight", first_mode_weight}, {"pool", kPool}}, "test");
  const Rng init = Rng(3).split("init");
  return entry.make({.target = *problem.target,
                     .options = options,
                     .init = init,
                     .placement = torch::kDouble,
                     .reference = &problem.reference});
}

Tensor drawn(const targets::Problem& problem, double first_mode_weight) {
  const auto sampler = make(problem, first_mode_weight);
  Rng rng(5);
  sampler->step(rng);
  return sampler->draw(kPool, rng);
}

double share_of_first_mode(const targets::Problem& problem, const Tensor& draws) {
  return (problem.reference.modes->assign(draws) == 0).to(torch::kDouble).mean().item<double>();
}

TEST(ExactOracle, GivesTheFirstModeItsWeight) {
  const targets::Problem problem = make_problem("mog2");
  for (const double weight : {0.1, 0.7, 0.9}) {
    const double error = std::sqrt(weight * (1 - weight) / kPool);
    EXPECT_NEAR(share_of_first_mode(problem, drawn(problem, weight)), weight, kErrors * error);
  }
  EXPECT_EQ(share_of_first_mode(problem, drawn(problem, 1)), 1);
  EXPECT_EQ(share_of_first_mode(problem, drawn(problem, 0)), 0);
  EXPECT_NEAR(share_of_first_mode(problem, drawn(problem, -1)), 0.5, kErrors * 0.5 / std::sqrt(kPool));
}

// Modes but the first keep their proportions: 40 modes of gmm40.
TEST(ExactOracle, KeepsTheProportionsOfTheOthers) {
  const targets::Problem problem = make_problem("gmm40");
  const Tensor modes = problem.reference.modes->assign(drawn(problem, 0.5));
  const Tensor own = problem.reference.modes->weights;
  const int64_t last = own.size(0) - 1;
  const double expected = 0.5 * own[last].item<double>() / (1 - own[0].item<double>());
  const double share = (modes == last).to(torch::kDouble).mean().item<double>();
  EXPECT_NEAR(share, expected, kErrors * std::sqrt(expected * (1 - expected) / kPool));
}

// Within a mode every draw is exact: far apart, that is a Gaussian of variance 1/2 about its mean.
TEST(ExactOracle, IsExactWithinAMode) {
  const targets::Problem problem = make_problem("mog2", {{"separation", 10}});
  const Tensor draws = drawn(problem, 1);
  const double error = std::sqrt(0.5 / kPool);
  EXPECT_NEAR(draws.select(1, 0).mean().item<double>(), -5, kErrors * error);
  EXPECT_NEAR(draws.select(1, 1).mean().item<double>(), 0, kErrors * error);
  EXPECT_NEAR(draws.select(1, 0).var().item<double>(), 0.5, kErrors * 0.5 * std::sqrt(2.0 / kPool));
}

TEST(ExactOracle, RefusesWhatItCannotDo) {
  EXPECT_THROW(make(make_problem("gaussian"), 0.5), InputError);  // one mode
  EXPECT_THROW(make(make_problem("mog2"), -0.5), InputError);
  targets::Problem blind = make_problem("mog2");
  blind.reference.exact_draws = nullptr;
  EXPECT_THROW(make(blind, -1), InputError);
}

}  // namespace
}  // namespace samplerbench::testing
