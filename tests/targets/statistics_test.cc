#include "tests/statistics.h"

#include <gtest/gtest.h>

// The judges are judged first: p values are uniform where nothing is wrong, and tiny where something is.
namespace samplerbench::testing {
namespace {

constexpr int64_t kRepeats = 400;

// P values of repeated tests on good samples, against the uniform law.
template <class Test>
void expect_uniform(const Test& test) {
  std::vector<double> p;
  for (int64_t i = 0; i < kRepeats; ++i) {
    Rng rng = Rng(51).split(i);
    p.push_back(test(rng));
  }
  const double distance = kolmogorov_smirnov_p(torch::tensor(p, torch::kDouble), [](double x) { return x; });
  EXPECT_GT(distance, kFalseAlarm);
}

TEST(Statistics, NormalQuantiles) {
  EXPECT_NEAR(z_bound(0.05), 1.959964, 1e-6);
  EXPECT_NEAR(z_bound(0.1, 2), 1.959964, 1e-6);
  EXPECT_NEAR(normal_p(1.959964), 0.05, 1e-7);
}

TEST(Statistics, MeanIs) {
  Rng rng(1);
  const Tensor x = rng.normal({10000, 2}, torch::kDouble);
  EXPECT_TRUE(mean_is(x, 0.0));
  EXPECT_FALSE(mean_is(x + 0.08, 0.0));
  EXPECT_FALSE(mean_is(x / 0.0, 0.0));
  EXPECT_TRUE(mean_is(torch::full({5}, 0.3, torch::kDouble), 0.3));
  EXPECT_FALSE(mean_is(torch::full({5}, 0.3, torch::kDouble), 0.4));
  EXPECT_FALSE(means_agree(x, x + 0.1));
}

TEST(Statistics, ChiSquared) {
  const Tensor probabilities = torch::tensor({0.2, 0.3, 0.5}, torch::kDouble);
  expect_uniform([&](Rng& rng) {
    const Tensor u = rng.uniform({3000}, torch::kDouble);
    const Tensor cell = (u > 0.2).to(torch::kLong) + (u > 0.5).to(torch::kLong);
    return chi_squared_p(torch::bincount(cell, {}, 3), probabilities);
  });
  EXPECT_NEAR(chi_squared_p(torch::tensor({25, 30, 45}), probabilities), 0.41686, 1e-5);
  EXPECT_LT(chi_squared_p(torch::tensor({300, 300, 400}), probabilities), 1e-10);
}

TEST(Statistics, KolmogorovSmirnov) {
  expect_uniform([](Rng& rng) {
    return kolmogorov_smirnov_p(rng.uniform({1000}, torch::kDouble), [](double x) { return x; });
  });
  expect_uniform([](Rng& rng) {
    const Tensor x = rng.normal({1000}, torch::kDouble);
    return kolmogorov_smirnov_two_sample_p(x, rng.normal({1700}, torch::kDouble));
  });
  Rng rng(2);
  const Tensor x = rng.uniform({5000}, torch::kDouble);
  EXPECT_LT(kolmogorov_smirnov_p(x * 0.9, [](double y) { return y; }), kFalseAlarm);
  EXPECT_LT(kolmogorov_smirnov_two_sample_p(x, x + 0.1), kFalseAlarm);
}

TEST(Statistics, EnergyTwoSample) {
  expect_uniform([](Rng& rng) {
    const Tensor x = rng.normal({60, 2}, torch::kDouble), y = rng.normal({90, 2}, torch::kDouble);
    return energy_two_sample_p(x, y, 200, rng);
  });
  Rng rng(3);
  const Tensor x = rng.normal({800, 2}, torch::kDouble), y = rng.normal({800, 2}, torch::kDouble);
  EXPECT_LT(energy_two_sample_p(x, y + 0.4, 300, rng), kFalseAlarm);
  EXPECT_LT(energy_two_sample_p(x, y * 1.6, 300, rng), kFalseAlarm);
  EXPECT_GT(energy_two_sample_p(x, y, 300, rng), kFalseAlarm);
}

}  // namespace
}  // namespace samplerbench::testing
