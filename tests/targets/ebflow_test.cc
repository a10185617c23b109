#include "targets/flow/ebflow.h"

#include <gtest/gtest.h>

#include <cmath>

#include "targets/random_rotation.h"
#include "tests/statistics.h"

namespace samplerbench::targets {
namespace {

Tensor points_of(const Problem& problem, int64_t n, uint64_t seed) {
  Rng rng(seed);
  return problem.reference.exact_draws(n, rng);
}

TEST(EbFlow, InvertsItsActivation) {
  const Tensor h = torch::linspace(-50, 50, 1001, torch::kDouble);
  for (const double slope : {0.1, 0.3, 0.9}) {
    const Tensor y = slope * h + (1 - slope) * torch::softplus(h);
    EXPECT_LT((inverse_smooth_leaky_relu(y, slope) - h).abs().max().item<double>(), 1e-8)
        << slope;  // softplus is exact to 2e-9
  }
}

// Fewer steps than the flows take leave more than rounding.
TEST(EbFlow, ItsNewtonStepsAreEnough) {
  const Tensor y = torch::linspace(-20, 20, 4001, torch::kDouble);
  const Tensor exact = inverse_smooth_leaky_relu(y, kFlowSlope);
  const auto error = [&](int steps) {
    return (inverse_smooth_leaky_relu(y, kFlowSlope, steps) - exact).abs().max().item<double>();
  };
  EXPECT_LT(error(kFlowNewtonSteps), 1e-13);
  EXPECT_GT(error(kFlowNewtonSteps / 2 - 1), 1e-4);
}

// In the plane, by the trapezoidal rule.
TEST(EbFlow, HasItsLogZ) {
  for (const uint64_t seed : {0, 1, 2}) {
    const Problem problem = ebflow(random_flow(2, 2, seed));
    const Tensor axis = torch::linspace(-80, 80, 2001, torch::kDouble);
    const auto grid = torch::meshgrid({axis, axis}, "ij");
    const Tensor x = torch::stack({grid[0].reshape({-1}), grid[1].reshape({-1})}, 1);
    const double mass = problem.target->log_density(x).exp().sum().item<double>() * 0.08 * 0.08;
    EXPECT_NEAR(std::log(mass), *problem.reference.log_z, 1e-6) << seed;
  }
}

// Stein's identities at exact draws, which fail at draws that are 1.1 times as far from the origin: E s = 0
// and E s'x = -D.
TEST(EbFlow, DrawsAreExact) {
  const Problem problem = ebflow(random_flow(10, 3, 7));
  const auto identity = [&](double factor) {
    const Tensor x = factor * points_of(problem, 20000, 8);
    return (problem.target->score(x) * x).sum(1);
  };
  EXPECT_TRUE(testing::mean_is(identity(1), -10.0));
  EXPECT_FALSE(testing::mean_is(identity(1.1), -10.0));
}

TEST(RandomRotation, IsOrthogonalAndUniform) {
  Rng rng(9);
  const Tensor q = random_rotation(30, rng);
  EXPECT_LT((q.mm(q.t()) - torch::eye(30, torch::kDouble)).abs().max().item<double>(), 1e-12);
  // The first number of a uniform rotation in the plane is a cosine: mean 0 and mean square 1/2.
  std::vector<double> first;
  for (int i = 0; i < 4000; ++i) first.push_back(random_rotation(2, rng)[0][0].item<double>());
  const Tensor cosines = torch::tensor(first, torch::kDouble);
  EXPECT_TRUE(testing::mean_is(cosines, 0.0));
  EXPECT_TRUE(testing::mean_is(cosines.square(), 0.5));
}

}  // namespace
}  // namespace samplerbench::targets
