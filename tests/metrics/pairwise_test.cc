#include "metrics/pairwise.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

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
