#include "core/nets/activation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace samplerbench {
namespace {

Tensor points() { return torch::linspace(-4, 4, 801, torch::kDouble) + 0.0017; }

bool agree(const Tensor& a, const Tensor& b) { return torch::allclose(a, b, 1e-6, 1e-6); }

Tensor slope_by_differences(Activation activation, const Tensor& x) {
  return (activated(activation, x + 1e-6) - activated(activation, x - 1e-6)) / 2e-6;
}

Tensor curvature_by_differences(Activation activation, const Tensor& x) {
  return (activated_with_slope(activation, x + 1e-6).slope -
          activated_with_slope(activation, x - 1e-6).slope) /
         2e-6;
}

TEST(Activation, HasItsDerivatives) {
  for (const std::string& name : activation_names()) {
    const Activation activation = activation_named(name);
    const Tensor x = points();
    const CurvedActivated found = activated_with_curvature(activation, x);
    EXPECT_TRUE(torch::allclose(found.value, activated(activation, x), 1e-12, 1e-12)) << name;
    EXPECT_TRUE(agree(found.slope, slope_by_differences(activation, x))) << name;
    EXPECT_TRUE(agree(found.curvature, curvature_by_differences(activation, x))) << name;
    EXPECT_FALSE(agree(found.slope, slope_by_differences(activation, 1.001 * x) + 1e-4)) << name;
  }
}

TEST(Activation, PassesOutsideOfGraphsAreTheSame) {
  for (const std::string& name : activation_names()) {
    const Activation activation = activation_named(name);
    const Tensor x = points(), start = torch::linspace(1, 2, x.numel(), torch::kDouble);
    Tensor y = torch::empty_like(x), slope = start.clone();
    activate_into(activation, x, y);
    chain_activation(activation, x, y, slope);
    const Activated expected = activated_with_slope(activation, x);
    EXPECT_TRUE(torch::allclose(y, expected.value, 1e-12, 1e-12)) << name;
    EXPECT_TRUE(torch::allclose(slope, start * expected.slope, 1e-8, 1e-8)) << name;
  }
}

// log(1 + e^(10 x)) / 10 with slope 1 / (1 + e^(-10 x)) and curvature 10 times slope (1 - slope), 2.5 at 0.
TEST(Activation, Softplus10IsTheFormula) {
  const Activation activation = activation_named("softplus10");
  const Tensor x = points();
  const CurvedActivated found = activated_with_curvature(activation, x);
  for (int64_t i = 0; i < x.numel(); ++i) {
    const double here = x[i].item<double>(), slope = 1 / (1 + std::exp(-10 * here));
    const double value = std::max(here, 0.0) + std::log1p(std::exp(-10 * std::abs(here))) / 10;
    EXPECT_NEAR(found.value[i].item<double>(), value, 1e-9);  // LibTorch's is x where 10 x > 20
    EXPECT_NEAR(found.slope[i].item<double>(), slope, 1e-12);
    EXPECT_NEAR(found.curvature[i].item<double>(), 10 * slope * (1 - slope), 1e-11);
  }
  EXPECT_NEAR(
      activated_with_curvature(activation, torch::zeros({1}, torch::kDouble)).curvature.item<double>(), 2.5,
      1e-12);
  EXPECT_FALSE(torch::allclose(found.value, activated(Activation::softplus, x), 0.01, 0.01));
}

TEST(Activation, OfAnotherNameIsRefused) { EXPECT_THROW(activation_named("softplus11"), InputError); }

}  // namespace
}  // namespace samplerbench
