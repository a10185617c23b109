#include "metrics/pairwise.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "metrics/requirements.h"
#include "metrics/tile_kernels.h"
#include "tests/metrics/slow_reference.h"
#include "tests/metrics/support.h"

namespace samplerbench::metrics {
namespace {

void keep(const Tile&) {}

TEST(Pairwise, SumsOfSquaredDistances) {
  for (const int64_t dim : {1, 2, 3, 4, 7, 33})
    for (const PairForm form : {PairForm::fused, PairForm::products}) {
      const Tensor x = normals(301, dim, 1), y = normals(142, dim, 2);
      EXPECT_NEAR(sum_within(x, keep, form) / torch::cdist(x, x).square().sum().item<double>(), 1, 1e-12);
      EXPECT_NEAR(sum_between(x, y, keep, form) / torch::cdist(x, y).square().sum().item<double>(), 1, 1e-12);
    }
}

// A point set against itself counts every pair, its own included.
TEST(Pairwise, BetweenASetAndItself) {
  const Tensor x = normals(50, 2, 1);
  int64_t entries = 0;
  sum_between(x, x, [&](const Tile& tile) { entries += tile.rows * tile.columns; });
  EXPECT_EQ(entries, 50 * 50);
}

TEST(Pairwise, SameSumForEveryNumberOfThreads) {
  const Tensor x = normals(1000, 2, 1);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const double one = sum_within(x, keep);
  at::set_num_threads(2);
  const double two = sum_within(x, keep);
  at::set_num_threads(threads);
  EXPECT_EQ(one, two);
}

// sum over i != j of f(|x_i - x_j|^2), by differences in long double.
template <class Function>
double slow_sum(const Tensor& x, const Function& f) {
  const slow::Rows rows = slow::rows_of(x);
  slow::Exact sum = 0;
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < i; ++j) sum += 2 * f(slow::squared_distance(rows[i], rows[j]));
  return static_cast<double>(sum);
}

// Of points that are far from their mean, and from each other, by very different lengths: a far one, two far
// ones that are near each other, two tight clusters, and all of it far from the origin.
std::vector<Tensor> uneven_points(int64_t dim, double far) {
  std::vector<Tensor> all;
  Tensor one = normals(140, dim, 1);
  one[3][0] = far;
  all.push_back(one);
  Tensor two = one.clone();
  two[120].copy_(two[3] + 1e-3 * far * normals(1, dim, 2)[0]);
  all.push_back(two);
  Tensor clusters = normals(140, dim, 3);
  clusters.narrow(0, 0, 70).add_(std::min(far, 1e12));
  all.push_back(clusters);
  all.push_back(normals(140, dim, 4) + std::min(far, 1e12));
  return all;
}

TEST(Pairwise, DistancesNeverCancel) {
  for (const int64_t dim : {2, 17, 32, 300})
    for (const double far : {1e3, 1e7, 1e12, 1e30, 1e150})
      for (const Tensor& x : uneven_points(dim, far)) {
        const double roots = slow_sum(x, [](slow::Exact r2) { return std::sqrt(r2); });
        EXPECT_NEAR(sum_within(x, take_roots) / roots, 1, 1e-11) << dim << ", " << far;
        const double rate = -0.002;
        const auto mixed = [&](slow::Exact r2) {
          slow::Exact sum = 0;
          for (int k = 0; k < 5; ++k) sum += std::exp(rate * std::pow(4.0L, k) * r2) / 5;
          return sum;
        };
        const TileFunction mix = [&](const Tile& tile) { mix_gaussians(rate, tile); };
        EXPECT_NEAR(sum_within(x, mix) / slow_sum(x, mixed), 1, 1e-11) << dim << ", " << far;
        EXPECT_NEAR(median_distance(x) / static_cast<double>(slow::median_distance(slow::rows_of(x))), 1,
                    1e-11)
            << dim << ", " << far;
      }
}

TEST(Pairwise, SaysWhatItCannotJudge) {
  const Tensor good = normals(20, 40, 1), narrow = normals(20, 3, 1);
  for (const Tensor& x : {good, narrow})
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e155, 1e300}) {
      Tensor broken = x.clone();
      broken[7][1] = bad;
      EXPECT_THROW(sum_within(broken, keep), CannotJudge) << bad;
      EXPECT_THROW(sum_between(x, broken, keep), CannotJudge) << bad;
      EXPECT_THROW(sum_between(broken, x, keep), CannotJudge) << bad;
      EXPECT_THROW(median_distance(broken), CannotJudge) << bad;
      EXPECT_THROW(kernel_length(0, broken), CannotJudge) << bad;
    }
  EXPECT_THROW(
      try {
        require_finite(torch::tensor({1.0, std::nan(""), HUGE_VAL}, torch::kDouble), "draws");
      } catch (const CannotJudge& error) {
        EXPECT_STREQ(error.what(), "2 of 3 draws are not finite");
        throw;
      },
      CannotJudge);
}

// Half of the distances are equal: no list of them all is made, and the median is exact.
TEST(Pairwise, MedianDistanceIsExact) {
  const Tensor x = normals(301, 3, 1);
  const auto exact = static_cast<double>(slow::median_distance(slow::rows_of(x)));
  EXPECT_NEAR(median_distance(x) / exact, 1, 1e-15);
  const Tensor equal =
      torch::cat({torch::zeros({2500, 1}, torch::kDouble), torch::ones({2500, 1}, torch::kDouble)});
  EXPECT_EQ(median_distance(equal), 1);
  EXPECT_EQ(median_distance(equal * 1e-150), 1e-150);
}

TEST(Pairwise, MedianDistance) {
  for (const int64_t n : {2, 3, 10, 401})
    for (const int64_t dim : {1, 2, 40}) {
      const Tensor x = normals(n, dim, 1);
      const double naive = torch::pdist(x).median().item<double>();
      EXPECT_NEAR(median_distance(x) / naive, 1, 1e-6) << n << " points, dimension " << dim;
    }
  EXPECT_EQ(median_distance(torch::ones({5, 2}, torch::kDouble)), 0);
  EXPECT_EQ(kernel_length(0, torch::ones({5, 2}, torch::kDouble)), 1);
  EXPECT_EQ(kernel_length(2.5, torch::ones({5, 2}, torch::kDouble)), 2.5);
}

}  // namespace
}  // namespace samplerbench::metrics
