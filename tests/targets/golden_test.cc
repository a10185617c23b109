#include <torch/types.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "tests/targets/checks.h"

// Published values, and values that follow from a definition by another way than the code's.
namespace samplerbench::testing {
namespace {

double value_at(const Problem& problem, const std::vector<double>& x) {
  return problem.target->log_density(torch::tensor(x, torch::kDouble).unsqueeze(0)).item<double>();
}

TEST(Golden, Gmm40) {
  const Problem problem = make_problem("gmm40");
  EXPECT_NEAR(value_at(problem, {0, 0}), -23.3163, 5e-5);
  // Equal weights: the mean of all is the mean of the means.
  const Tensor mean = problem.reference.moments->mean;
  EXPECT_NEAR(mean.sum().item<double>() * 40, -36.019, 5e-4);
  // The first published mean is the nearest of the means to itself, and a local maximum of the density
  // nearly.
  const Tensor first = torch::tensor({{-0.2995, 21.4577}}, torch::kDouble);
  EXPECT_EQ(problem.reference.modes->assign(first).item<int64_t>(), 0);
  EXPECT_LT(problem.target->score(first).abs().max().item<double>(), 1e-3);
  EXPECT_EQ(problem.reference.modes->weights.numel(), 40);
}

TEST(Golden, Gmm40LeavesTheGlobalGeneratorAlone) {
  torch::Tensor before, after;
  {
    const ScopedGlobalSeed seed(3);
    before = torch::rand({4});
  }
  {
    const ScopedGlobalSeed seed(3);
    make_problem("gmm40");
    after = torch::rand({4});
  }
  EXPECT_TRUE(torch::equal(before, after));
}

// log Z of one well is log 11784.50927 in the authors' code (fab-torch).
TEST(Golden, ManyWellLogZ) {
  const double expected = 16 * (std::log(11784.50927) + 0.5 * std::log(2 * std::numbers::pi));
  EXPECT_NEAR(*make_problem("many-well-32").reference.log_z, expected, 1e-7);
}

TEST(Golden, ManyWellValue) {
  std::vector<double> x(32, 0.0);
  x[0] = 2, x[1] = 3, x[30] = -1;
  EXPECT_NEAR(value_at(make_problem("many-well-32"), x), (-16 + 24 + 1 - 4.5) + (-1 + 6 - 0.5), 1e-12);
}

TEST(Golden, RosenbrockLogZ) {
  EXPECT_NEAR(*make_problem("rosenbrock").reference.log_z, std::log(std::numbers::pi / std::sqrt(2.5)),
              1e-14);
}

TEST(Golden, DonutByRadialQuadrature) {
  const auto mass = [](int power) {
    const auto density = [power](double r) {
      return std::pow(r, power) * std::exp(-(r - 2.6) * (r - 2.6) / 0.033);
    };
    return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(density, 0.0, 8.0, 15, 1e-13);
  };
  const Problem problem = make_problem("donut");
  EXPECT_NEAR(*problem.reference.log_z, std::log(2 * std::numbers::pi * mass(1)), 1e-12);
  EXPECT_NEAR(problem.reference.moments->sd[0].item<double>(), std::sqrt(mass(3) / mass(1) / 2), 1e-12);
}

TEST(Golden, Mog2MeansAreTwoFromTheOrigin) {
  const Problem problem = make_problem("mog2");
  const double peak = std::log(0.5 / std::numbers::pi * (1 + std::exp(-16.0)));
  EXPECT_NEAR(value_at(problem, {-2, 0}), peak, 1e-12);
  EXPECT_NEAR(value_at(problem, {2, 0}), peak, 1e-12);
}

TEST(Golden, FunnelOptionSetsTheDimension) {
  const auto& entry = all_targets().at("funnel");
  const Options five(entry.options, Json{{"dim", 5}}, "funnel");
  EXPECT_EQ(entry.make({.options = five}).target->dim(), 5);
  EXPECT_THROW(Options(entry.options, Json{{"dim", 1}}, "funnel"), InputError);
}

}  // namespace
}  // namespace samplerbench::testing
