#include "targets/planar/box_law.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace samplerbench::targets {
namespace {

struct Box {
  double half, variance;
};

// Of the checkerboard, of the swirl, and of the swirl blurred by N(0, 9).
constexpr double kSd = 0.375, kVariance = kSd * kSd;
const std::vector<Box>& boxes() {
  static const std::vector<Box> boxes{{1.5, kVariance}, {5.0 / 24, kVariance}, {5.0 / 24, kVariance + 9}};
  return boxes;
}

struct Exact {
  long double value, slope, curvature;
};

// By the definition: long double holds both tails, down to exp(-11000).
Exact exact_box(long double z, const Box& box) {
  const long double h = box.half, v = box.variance, root = std::sqrt(2 * v), a = std::abs(z);
  const long double near = (a - h) / root, far = (a + h) / root;
  const long double mass =
      near > 0 ? (std::erfc(near) - std::erfc(far)) / 2 : (std::erf(far) - std::erf(near)) / 2;
  const long double height = std::numbers::inv_sqrtpi_v<long double> / (root * mass);
  const long double low = height * std::exp(-near * near), high = height * std::exp(-far * far);
  const long double slope = high - low, bend = ((a - h) * low - (a + h) * high) / v;
  return {std::log(mass / (2 * h)), z < 0 ? -slope : slope, bend - slope * slope};
}

// From 40 standard deviations outside the one edge to as far outside the other, and the edges themselves.
std::vector<double> places(const Box& box) {
  const double reach = box.half + 40 * std::sqrt(box.variance);
  std::vector<double> places{0, box.half, -box.half, box.half * (1 + 1e-12), box.half * (1 - 1e-12)};
  for (int i = -211; i <= 211; ++i) places.push_back(reach * i / 211);
  return places;
}

bool is_near(double actual, long double exact, long double tolerance) {
  return std::abs(actual - exact) <= tolerance;
}

// Whether log_box of `coded` is the exact law of `box`.
bool is_law(const Box& coded, const Box& box) {
  for (const double z : places(box)) {
    const BoxTerms terms = log_box(z, coded.half, coded.variance);
    const Exact exact = exact_box(z, box);
    const long double scale = 1 + exact.slope * exact.slope;
    if (!is_near(terms.value, exact.value, 1e-13L * (1 + std::abs(exact.value)))) return false;
    if (!is_near(terms.slope, exact.slope, 1e-12L * (1 + std::abs(exact.slope)))) return false;
    if (!is_near(terms.curvature, exact.curvature, 1e-11L * scale)) return false;
  }
  return true;
}

TEST(BoxLaw, IsThatOfLongDoubleFortyStandardDeviationsOut) {
  for (const Box& box : boxes()) EXPECT_TRUE(is_law(box, box)) << box.half << " " << box.variance;
}

TEST(BoxLaw, NegativeControlABoxThatIsABillionthWiderFails) {
  for (const Box& box : boxes()) EXPECT_FALSE(is_law({box.half * (1 + 1e-9), box.variance}, box));
}

// Where even long double's tails are 0.
TEST(BoxLaw, IsTheNormalAtTheEdgeFarOut) {
  for (const Box& box : boxes())
    for (const double z : {1e5, -1e8, 1e15}) {
      const BoxTerms terms = log_box(z, box.half, box.variance);
      const double gap = std::abs(z) - box.half, exponent = gap * gap / (2 * box.variance);
      EXPECT_NEAR(terms.value / -exponent, 1, 1e-6);
      EXPECT_NEAR(terms.slope / (-z / box.variance), 1, 1e-4);
      EXPECT_TRUE(std::isfinite(terms.curvature));
    }
}

// Both edges, and 0 with them.
TEST(BoxLaw, IsTheSameByTensors) {
  for (const Box& box : boxes()) {
    const std::vector<double> at = places(box);
    const Tensor z = torch::tensor(at, torch::kDouble).requires_grad_();
    const Tensor value = log_box(z, box.half, torch::tensor(box.variance, torch::kDouble));
    const Tensor slope = torch::autograd::grad({value.sum()}, {z}, {}, true, true)[0];
    const Tensor curvature = torch::autograd::grad({slope.sum()}, {z})[0];
    for (size_t i = 0; i < at.size(); ++i) {
      const auto k = static_cast<int64_t>(i);
      const BoxTerms terms = log_box(at[i], box.half, box.variance);
      const double scale = 1 + terms.slope * terms.slope;
      EXPECT_NEAR(value[k].item<double>(), terms.value, 1e-12 * (1 + std::abs(terms.value))) << at[i];
      EXPECT_NEAR(slope[k].item<double>(), terms.slope, 1e-11 * (1 + std::abs(terms.slope))) << at[i];
      EXPECT_NEAR(curvature[k].item<double>(), terms.curvature, 1e-10 * scale) << at[i];
    }
  }
}

}  // namespace
}  // namespace samplerbench::targets
