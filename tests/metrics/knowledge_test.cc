#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/support.h"
#include "tests/statistics.h"

// Metrics that need facts of the target: weights of modes and moments.
namespace samplerbench::metrics {
namespace {

TEST(ModeWeightError, IsTheTotalVariation) {
  targets::Problem problem = standard_normal_problem(1);
  problem.reference.modes = targets::Modes{torch::tensor({0.5, 0.3, 0.2}, torch::kDouble),
                                           [](const Tensor& x) { return x.select(1, 0).to(torch::kLong); }};
  const auto error = [&](std::vector<double> modes) {
    return judge("mode_weight_error", {problem, torch::tensor(modes, torch::kDouble).unsqueeze(1)});
  };
  EXPECT_NEAR(error({0, 0, 0, 0, 0, 1, 1, 1, 2, 2}), 0, 1e-15);
  EXPECT_NEAR(error({0, 0, 0}), 0.5, 1e-15);
  EXPECT_NEAR(error({2}), 0.8, 1e-15);
  EXPECT_NEAR(error({0, 1}), 0.2, 1e-15);  // 0.5 found as it is; 0.2 moved from the last to the middle
}

TEST(MomentErrors, AreInStandardErrors) {
  const targets::Problem problem = standard_normal_problem(2);
  const Tensor x = torch::tensor({1.0, -1.0, 2.0, -2.0, 3.5, -2.5, 3.5, -2.5}, torch::kDouble).view({4, 2});
  const Evidence evidence{problem, x};
  EXPECT_NEAR(judge("moment_mean_error", evidence), 2.5 / 0.5,
              1e-12);                                      // |mean| 2.5 and 2, sd / sqrt(4) = 1/2
  const double sd = std::sqrt((2.25 + 0.25 + 1 + 1) / 3);  // of the first coordinate
  const double other = std::sqrt((1 + 0 + 0.25 + 0.25) / 3);
  const double standard_error = std::sqrt(2.0 / 16);  // kurtosis 3
  EXPECT_NEAR(judge("moment_sd_error", evidence),
              std::max(std::abs(sd - 1), std::abs(other - 1)) / standard_error, 1e-12);
}

TEST(MomentErrors, OfExactDrawsFollowTheNormalLaw) {
  const targets::Problem problem = standard_normal_problem(1);
  std::vector<double> means, sds;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const Evidence evidence{problem, normals(400, 1, 2 * seed), normals(400, 1, 2 * seed + 1)};
    means.push_back(judge("moment_mean_error", evidence));
    sds.push_back(judge("moment_sd_error", evidence));
  }
  const auto half_normal = [](double z) { return std::erf(z / std::sqrt(2.0)); };
  EXPECT_GT(testing::kolmogorov_smirnov_p(torch::tensor(means, torch::kDouble), half_normal), 1e-6);
  EXPECT_GT(testing::kolmogorov_smirnov_p(torch::tensor(sds, torch::kDouble), half_normal), 1e-6);
}

// Of a uniform law, kurtosis 1.8: the reference's fourth moment is used.
TEST(MomentErrors, SdErrorUsesTheKurtosisOfExactDraws) {
  const targets::Problem problem = standard_normal_problem(1);
  Rng rng(1);
  const double half_width = std::sqrt(3.0);
  const Tensor uniform = (2 * rng.uniform({20000, 1}, torch::kDouble) - 1) * half_width;
  const Tensor draws = 1.1 * normals(100, 1, 2);
  const double ratio =
      judge("moment_sd_error", {problem, draws, uniform}) / judge("moment_sd_error", {problem, draws});
  EXPECT_NEAR(ratio, std::sqrt(2 / 0.8), 0.05);
}

}  // namespace
}  // namespace samplerbench::metrics
