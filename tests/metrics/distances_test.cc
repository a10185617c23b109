#include <gtest/gtest.h>

#include <cmath>

#include "metrics/energy_distance.h"
#include "metrics/mmd.h"
#include "metrics/pairwise.h"
#include "metrics/sinkhorn_divergence.h"
#include "metrics/sliced_wasserstein.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

namespace samplerbench::metrics {
namespace {

double off_diagonal_mean(const Tensor& k) {
  const double n = static_cast<double>(k.size(0));
  return (k.sum() - k.diagonal().sum()).item<double>() / (n * (n - 1));
}

TEST(Mmd, MatchesTheWholeMatrices) {
  for (const int64_t dim : {1, 2, 6, 30}) {
    const Tensor x = normals(270, dim, 1), y = 1.3 * normals(190, dim, 2);
    const double h = 0.8;
    const auto kernel = [&](const Tensor& a, const Tensor& b) {
      const Tensor squared = torch::cdist(a, b).square();
      Tensor sum = torch::zeros_like(squared);
      for (const double factor : {0.25, 0.5, 1.0, 2.0, 4.0})
        sum += (-squared / (2 * factor * factor * h * h)).exp() / 5;
      return sum;
    };
    const double naive = off_diagonal_mean(kernel(x, x)) + off_diagonal_mean(kernel(y, y)) -
                         2 * kernel(x, y).mean().item<double>();
    EXPECT_NEAR(squared_mmd(x, y, h), naive, 1e-12) << dim;
  }
}

TEST(Mmd, MeanIsZeroForExactDrawsAndClearlyAboveForShifted) {
  std::vector<double> exact, shifted;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Tensor x = normals(100, 2, 2 * seed), y = normals(120, 2, 2 * seed + 1);
    exact.push_back(squared_mmd(x, y, 1.5));
    shifted.push_back(squared_mmd(x + 0.7, y, 1.5));
  }
  const Tensor null = torch::tensor(exact, torch::kDouble);
  EXPECT_TRUE(testing::mean_is(null, 0));
  EXPECT_GT(torch::tensor(shifted, torch::kDouble).min().item<double>(), null.max().item<double>());
}

// The law between N(0, I) and N(m, I) in the plane under one Gaussian kernel is known: the mean over five,
// too.
TEST(Mmd, MeanForAShiftedNormalIsItsClosedForm) {
  const double shift = 1.0, h = 1.2;
  double expected = 0;
  for (const double factor : {0.25, 0.5, 1.0, 2.0, 4.0}) {
    const double variance = factor * factor * h * h;
    expected += 2 * variance / (variance + 2) * (1 - std::exp(-shift * shift / (2 * (variance + 2)))) / 5;
  }
  std::vector<double> values;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Tensor x = normals(150, 2, 2 * seed);
    x.select(1, 0).add_(shift);
    values.push_back(squared_mmd(x, normals(150, 2, 2 * seed + 1), h));
  }
  EXPECT_TRUE(testing::mean_is(torch::tensor(values, torch::kDouble), expected));
}

TEST(EnergyDistance, MatchesTheWholeMatrices) {
  for (const int64_t dim : {1, 2, 6, 30}) {
    const Tensor x = normals(270, dim, 1), y = 1.3 * normals(190, dim, 2);
    const auto exact = [](const Tensor& a, const Tensor& b) {
      return (a.unsqueeze(1) - b.unsqueeze(0)).square().sum(2).sqrt().mean().item<double>();
    };
    EXPECT_NEAR(squared_energy_distance(x, y), 2 * exact(x, y) - exact(x, x) - exact(y, y), 1e-11) << dim;
  }
}

TEST(EnergyDistance, ZeroForTheSameSetAndOfTwoPoints) {
  const Tensor x = normals(300, 2, 1);
  EXPECT_NEAR(squared_energy_distance(x, x), 0, 1e-12);
  EXPECT_NEAR(squared_energy_distance(x, x.index_select(0, Rng(1).permutation(300))), 0, 1e-12);
  const Tensor zero = torch::zeros({1, 1}, torch::kDouble);
  EXPECT_NEAR(squared_energy_distance(zero, zero + 3), 6, 1e-14);
}

// Two points: all mass goes one way, whatever epsilon.
TEST(SinkhornDivergence, OfTwoPointsIsTheirSquaredDistance) {
  const Tensor zero = torch::zeros({1, 2}, torch::kDouble);
  EXPECT_NEAR(sinkhorn_divergence(zero, zero + 3, 0.1, 5), 18, 1e-12);
}

// Sinkhorn's iteration converges, in any order of the points, and a set against itself has none. Without the
// last two terms it would have far more than that.
TEST(SinkhornDivergence, IsZeroForTheSameSet) {
  const Tensor x = normals(200, 2, 1), same = x.index_select(0, Rng(1).permutation(200));
  EXPECT_NEAR(sinkhorn_divergence(x, same, 0.3, 500), 0, 1e-5);
  EXPECT_GT(std::abs(sinkhorn_divergence(x, normals(200, 2, 2), 0.3, 500)), 1e-4);
}

// A shift by m adds |m|^2 to squared Wasserstein distances, entropic or not, and leaves the other terms: the
// difference of the laws' means is all that the shift changes.
TEST(SinkhornDivergence, OfAShiftedSetIsTheSquaredShift) {
  const Tensor x = normals(150, 3, 1), shift = torch::tensor({0.5, -1.0, 2.0}, torch::kDouble);
  EXPECT_NEAR(sinkhorn_divergence(x, x + shift, 0.5, 1000), shift.square().sum().item<double>(), 1e-4);
}

// With much regularisation it comes to the squared distance of the means.
TEST(SinkhornDivergence, WithMuchRegularisationComparesMeans) {
  const Tensor x = normals(100, 2, 1), y = 2 * normals(120, 2, 2) + 1;
  const double means = (x.mean(0) - y.mean(0)).square().sum().item<double>();
  EXPECT_NEAR(sinkhorn_divergence(x, y, 1e6, 50), means, 1e-4);
}

TEST(SlicedWasserstein, OneDimensionalClosedForms) {
  const auto squared = [](const std::vector<double>& x, const std::vector<double>& y) {
    return squared_wasserstein(x.data(), x.size(), y.data(), y.size());
  };
  EXPECT_DOUBLE_EQ(squared({1, 2, 4}, {1.5, 2.5, 4.5}), 0.25);  // a shift
  EXPECT_DOUBLE_EQ(squared({0, 1}, {0, 0, 1, 1}), 0);           // the same law, unequal numbers
  EXPECT_DOUBLE_EQ(squared({0}, {-1, 0, 2}), 5.0 / 3);          // all mass to one point
  EXPECT_NEAR(squared({0, 3}, {0, 1, 5}), 0 + 1.0 / 6 * 1 + 1.0 / 6 * 4 + 1.0 / 3 * 4, 1e-14);
}

// Unequal numbers against equal ones: repeating every point changes no law.
TEST(SlicedWasserstein, RepeatedPointsChangeNothing) {
  const Tensor x = normals(60, 3, 1), y = normals(40, 3, 2), directions = torch::eye(3, torch::kDouble);
  EXPECT_NEAR(squared_sliced_wasserstein(x, y, directions),
              squared_sliced_wasserstein(x.repeat({2, 1}), y.repeat({3, 1}), directions), 1e-12);
}

// A shift by m has W2^2 = (m.u)^2 along u, so |m|^2 / D on average over directions.
TEST(SlicedWasserstein, ShiftInManyDirections) {
  const targets::Problem problem = standard_normal_problem(3);
  const Tensor y = normals(50, 3, 1), shift = torch::tensor({1.0, 2.0, -2.0}, torch::kDouble);
  const Tensor directions = normals(33, 3, 5) / normals(33, 3, 5).norm(2, 1, true);
  const double expected = directions.mv(shift).square().mean().item<double>();
  EXPECT_NEAR(squared_sliced_wasserstein(y + shift, y, directions), expected, 1e-12);
  // (m.u)^2 / |m|^2 has mean 1/3 and variance 4/45 over the sphere.
  const double value = judge("sliced_wasserstein", {problem, y + shift, y}, {{"projections", 2000}});
  EXPECT_NEAR(value * value, 3, testing::z_bound() * 9 * std::sqrt(4.0 / 45 / 2000));
}

TEST(SlicedWasserstein, IsExactOnTheLine) {
  const targets::Problem problem = standard_normal_problem(1);
  const Tensor y = normals(50, 1, 1);
  EXPECT_NEAR(judge("sliced_wasserstein", {problem, y - 1.25, y}), 1.25, 1e-12);
}

}  // namespace
}  // namespace samplerbench::metrics
