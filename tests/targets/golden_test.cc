#include <torch/types.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <tuple>

#include "core/error.h"
#include "targets/planar/helmert.h"
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

TEST(Golden, ManyWellOfSixteenPairsIsManyWell32) {
  const Problem sixteen = make_problem("many-well", {{"pairs", 16}}), other = make_problem("many-well-32");
  Rng rng(3);
  const Tensor x = rng.normal({20, 32}, torch::kDouble);
  EXPECT_TRUE(torch::equal(sixteen.target->log_density(x), other.target->log_density(x)));
  EXPECT_EQ(*sixteen.reference.log_z, *other.reference.log_z);
}

TEST(Golden, ManyWellValue) {
  std::vector<double> x(32, 0.0);
  x[0] = 2, x[1] = 3, x[30] = -1;
  EXPECT_NEAR(value_at(make_problem("many-well-32"), x), (-16 + 24 + 1 - 4.5) + (-1 + 6 - 0.5), 1e-12);
}

// By adaptive quadrature of the radius, to seven digits.
TEST(Golden, RingsLogZ) { EXPECT_NEAR(*make_problem("rings").reference.log_z, 2.3048815, 1e-7); }

// Two particles by quadrature of their distance: log of the integral over the plane of separations, of which
// the coordinates have half.
TEST(Golden, DoubleWellLogZOfAPair) {
  const Problem pair = make_problem("double-well", {{"particles", 2}});
  EXPECT_NEAR(*pair.reference.log_z, 7.9535402 - std::log(2.0), 1e-7);
  EXPECT_FALSE(make_problem("double-well").reference.log_z);
  // The density is a function of the separation, sqrt(2) times the coordinates: the same integral by its
  // radii.
  const auto mass = [&](double r) { return 2 * std::numbers::pi * r * std::exp(value_at(pair, {r, 0})); };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
  const double inner = Rule::integrate(mass, 0.0, 3.0, 15, 1e-12),
               outer = Rule::integrate(mass, 3.0, 9.0, 15, 1e-12);
  EXPECT_NEAR(std::log(inner + outer), *pair.reference.log_z, 1e-9);
}

// What x holds of particles at these places, which have their centre at 0: y_k = sum_i B_ik p_i, B's columns
// being orthonormal.
std::vector<double> without_centre(const std::vector<double>& places, size_t axes) {
  std::vector<double> x;
  for (size_t k = 1; k < places.size() / axes; ++k)
    for (size_t axis = 0; axis < axes; ++axis) {
      const auto before = static_cast<double>(k);
      double sum = -before * places[axes * k + axis];
      for (size_t i = 0; i < k; ++i) sum += places[axes * i + axis];
      x.push_back(sum / std::sqrt(before * (before + 1)));
    }
  return x;
}

// Four particles at the corners of a square of side s: four pairs at s, two at s sqrt(2).
TEST(Golden, DoubleWellOfASquare) {
  const Problem four = make_problem("double-well");
  const auto pair = [](double d) { return 4 * std::pow(d - 4, 2) - 0.9 * std::pow(d - 4, 4); };
  const double s = 3.1, half = s / 2;
  const std::vector<double> x = without_centre({half, half, -half, half, -half, -half, half, -half}, 2);
  EXPECT_NEAR(value_at(four, x), 4 * pair(s) + 2 * pair(s * std::numbers::sqrt2), 1e-10);
}

// Two particles by quadrature of their distance, in SciPy: log of the integral over space of separations, of
// which the coordinates have 2^(-3/2), and the mean distance.
TEST(Golden, LennardJonesOfAPair) {
  const Problem pair = make_problem("lennard-jones", {{"particles", 2}});
  EXPECT_NEAR(*pair.reference.log_z, 3.8832083607 - 1.5 * std::numbers::ln2, 1e-9);
  EXPECT_FALSE(make_problem("lennard-jones").reference.log_z);
  const auto mass = [&](double r) {
    return 4 * std::numbers::pi * r * r * std::exp(value_at(pair, {r, 0, 0}));
  };
  const auto distance = [&](double r) {
    const Tensor x = torch::tensor({r, 0.0, 0.0}, torch::kDouble).unsqueeze(0);
    return pair.reference.pair_distances(x).item<double>() * mass(r);
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
  const auto integral = [](const auto& f) {
    return Rule::integrate(f, 0.3, 1.0, 15, 1e-12) + Rule::integrate(f, 1.0, 14.0, 15, 1e-12);
  };
  EXPECT_NEAR(std::log(integral(mass)), *pair.reference.log_z, 1e-9);
  EXPECT_NEAR(integral(distance) / integral(mass), 2.2010290025, 1e-8);
}

// Four particles at the corners of a tetrahedron of side s, sqrt(3/8) s from the middle. Below the distance
// 0.5, where the potential is -3968 with the slope 96768 and the curvature -2727936 in s^2, it is a parabola.
TEST(Golden, LennardJonesOfATetrahedron) {
  const Problem four = make_problem("lennard-jones", {{"particles", 4}});
  const auto at_side = [&](double s) {
    const double h = s / std::sqrt(8.0);
    return value_at(four, without_centre({h, h, h, h, -h, -h, -h, h, -h, -h, -h, h}, 3));
  };
  EXPECT_NEAR(at_side(1), 6 - 0.75, 1e-10);
  EXPECT_NEAR(at_side(1.2), 6 * (2 * std::pow(1.2, -6) - std::pow(1.2, -12)) - 0.75 * 1.44, 1e-10);
  EXPECT_NEAR(at_side(0.4), 6 * (-3968 - 0.09 * 96768 - 0.0081 / 2 * 2727936) - 0.75 * 0.16, 1e-6);
  EXPECT_TRUE(std::isfinite(at_side(0)));
}

// Turns and renames the particles whose points are the rows of x, [N, D]: exact but for rounding.
Tensor turned_and_renamed(const Tensor& x, const Tensor& turn, const Tensor& order) {
  const Tensor b = targets::helmert(order.size(0));
  const Tensor points = x.reshape({x.size(0), order.size(0) - 1, turn.size(0)});
  const Tensor places = torch::matmul(torch::matmul(b, points).index_select(1, order), turn);
  return torch::matmul(b.t(), places).reshape_as(x);
}

// The density is the same, the score turns along, and the set of distances stays; stretched by a thousandth,
// none of them does.
TEST(Golden, ParticlesMayBeTurnedAndRenamed) {
  const std::vector<std::tuple<std::string, int64_t, int64_t>> cases{
      {"double-well", 4, 2}, {"double-well", 9, 2}, {"lennard-jones", 13, 3}};
  for (const auto& [name, particles, axes] : cases) {
    SCOPED_TRACE(name);
    const Problem problem = make_problem(name, {{"particles", particles}});
    Rng rng(6);
    const Tensor turn = std::get<0>(at::linalg_qr(rng.normal({axes, axes}, torch::kDouble)));
    const Tensor order = rng.permutation(particles);
    const Tensor x = 2 * rng.normal({20, problem.target->dim()}, torch::kDouble);
    const auto sorted_distances = [&](const Tensor& points) {
      return std::get<0>(problem.reference.pair_distances(points).sort(1));
    };
    const auto same = [&](const Tensor& y, const Tensor& score) {
      const Tensor distances = sorted_distances(x);
      return torch::allclose(problem.target->log_density(y), problem.target->log_density(x), 1e-9, 1e-9) &&
             torch::allclose(problem.target->score(y), score, 1e-8,
                             1e-8 * score.abs().max().item<double>()) &&
             torch::allclose(sorted_distances(y), distances, 1e-10, 1e-10);
    };
    EXPECT_EQ(sorted_distances(x).size(1), particles * (particles - 1) / 2);
    EXPECT_TRUE(same(turned_and_renamed(x, turn, order),
                     turned_and_renamed(problem.target->score(x), turn, order)));
    EXPECT_FALSE(torch::allclose(problem.target->log_density(1.001 * x), problem.target->log_density(x), 1e-9,
                                 1e-9));
    EXPECT_FALSE(torch::allclose(sorted_distances(1.001 * x), sorted_distances(x), 1e-10, 1e-10));
  }
}

// A free field of squared mass m at wave numbers p: with m = 1 and side 8, log Z is that of the form with
// hopping 0.2, 39.8791279, rescaled by sqrt(0.2) in each of 64 sites. The determinant of the precision says
// the same.
TEST(Golden, Phi4LogZOfTheFreeField) {
  const Problem free = make_problem("phi4", {{"mass", 1}, {"coupling", 0}});
  EXPECT_NEAR(*free.reference.log_z, 39.8791279 + 32 * std::log(0.2), 1e-6);
  const Tensor precision = -free.target->score(torch::eye(64, torch::kDouble));
  const double log_determinant = at::linalg_cholesky(precision).diagonal().log().sum().item<double>() * 2;
  EXPECT_NEAR(*free.reference.log_z, 32 * std::log(2 * std::numbers::pi) - log_determinant / 2, 1e-9);
  EXPECT_FALSE(make_problem("phi4").reference.log_z);
}

// A field without waves has the energy m x^2 + c x^4 a site, and its sign is that of the magnetisation.
TEST(Golden, Phi4OfAConstantField) {
  const Problem phi4 = make_problem("phi4");
  EXPECT_NEAR(value_at(phi4, std::vector<double>(64, 0.7)), -64 * (-4 * 0.49 + 6.008 * 0.2401), 1e-10);
  const Tensor fields = torch::tensor({0.7, -0.7, std::nan("")}, torch::kDouble).unsqueeze(1).expand({3, 64});
  EXPECT_TRUE(torch::equal(phi4.reference.modes->assign(fields), torch::tensor({0, 1, -1}, torch::kLong)));
  const targets::Parameters& observables = phi4.reference.parameters.value();
  EXPECT_EQ(observables.coordinates.size(), 64u);
  EXPECT_EQ(observables.values(fields).sizes(), at::IntArrayRef({3, 1}));
  EXPECT_NEAR(observables.values(fields)[1].item<double>(), 0.7, 1e-12);
}

TEST(Golden, Phi4WithoutAnIntegralIsRefused) {
  const auto& entry = all_targets().at("phi4");
  EXPECT_THROW(entry.require(Options(entry.options, Json{{"coupling", 0}}, "phi4"), "phi4"), InputError);
  EXPECT_NO_THROW(entry.require(Options(entry.options, Json{{"coupling", 0}, {"mass", 1}}, "phi4"), "phi4"));
}

TEST(Golden, SimplexMixtureHasModesEquallyFarApart) {
  const auto& entry = all_targets().at("simplex-mixture");
  const Options options(entry.options, Json{{"dim", 7}, {"modes", 5}, {"distance", 6}, {"ratio", 16}}, "it");
  const targets::Definition definition = entry.facts.definition(options);
  for (const auto& [symbol, value] : definition.constants) {
    if (symbol == "w") {
      for (size_t m = 0; m + 1 < 5; ++m)
        EXPECT_NEAR(value[m].get<double>() / value[m + 1].get<double>(), 2, 1e-12);
    }
    if (symbol != "mu") continue;
    for (size_t i = 0; i < 5; ++i)
      for (size_t j = 0; j < i; ++j) {
        double square = 0;
        for (size_t k = 0; k < 7; ++k)
          square += std::pow(value[i][k].get<double>() - value[j][k].get<double>(), 2);
        EXPECT_NEAR(square, 36, 1e-10);
      }
  }
  EXPECT_THROW(entry.require(Options(entry.options, Json{{"dim", 3}, {"modes", 5}}, "it"), "it"), InputError);
}

// Two modes of one distance: the nearest is wrong with probability Phi(-distance / 2).
TEST(Golden, SimplexMixtureMassesOfTwoModes) {
  const Problem two = make_problem("simplex-mixture", {{"modes", 2}, {"distance", 2}, {"ratio", 4}});
  const double wrong = std::erfc(1 / std::numbers::sqrt2) / 2;
  EXPECT_NEAR(two.reference.modes->weights[0].item<double>(), 0.8 * (1 - wrong) + 0.2 * wrong, 1e-12);
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
