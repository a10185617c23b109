#include "targets/planar/smoothed_curve.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "tests/kernels.h"

namespace samplerbench::targets {
namespace {

// On a short spiral, with weights that sum to 1.
CurveNodes nodes_of_spiral(int count = 24) {
  CurveNodes nodes;
  for (int q = 0; q < count; ++q) {
    const double angle = 0.4 * q, weight = 2.0 * (q + 1) / (count * (count + 1));
    nodes.add(0.3 * angle * std::cos(angle), 0.3 * angle * std::sin(angle), weight);
  }
  return nodes;
}

std::shared_ptr<const PlanarLaw> spiral(const CurveSmoothing& smoothing) {
  return smoothed_curve(nodes_of_spiral(), smoothing);
}

// The noises of the sine and the swirl, and of the swirl blurred by N(0, 9 I).
const std::vector<CurveSmoothing>& smoothings() {
  constexpr double kVariance = 0.375 * 0.375, kHalf = 5.0 / 24;
  static const std::vector<CurveSmoothing> smoothings{
      {.variances = {kVariance, 1 + kVariance}},
      {.half = kHalf, .variances = {kVariance, kVariance}},
      {.half = kHalf, .variances = {kVariance + 9, kVariance + 9}}};
  return smoothings;
}

// In eight directions, from the middle of the curve to far out; the series gives way to logarithms at about
// 20 from the nearest node.
Tensor points_around() {
  std::vector<double> numbers;
  for (const double distance :
       {0.0, 0.7, 2.5, 5.0, 10.0, 18.0, 20.0, 21.0, 22.0, 23.0, 24.0, 40.0, 300.0, 1000.0})
    for (int k = 0; k < 8; ++k) {
      numbers.push_back(distance * std::cos(k * std::numbers::pi / 4 + 0.1));
      numbers.push_back(distance * std::sin(k * std::numbers::pi / 4 + 0.1));
    }
  return torch::tensor(numbers, torch::kDouble).view({-1, 2});
}

// Whether the jets of the one law are the tensors of the other and their derivatives by autograd.
bool agree(const PlanarLaw& jets, const PlanarLaw& tensors) {
  const Tensor x = points_around().requires_grad_();
  const Tensor value = tensors.log_density(x);
  const Tensor score = torch::autograd::grad({value.sum()}, {x}, {}, true, true)[0];
  const Tensor first = torch::autograd::grad({score.select(1, 0).sum()}, {x}, {}, true)[0];
  const Tensor second = torch::autograd::grad({score.select(1, 1).sum()}, {x})[0];
  const auto number = [](const Tensor& t, int64_t i, int64_t k) { return t[i][k].item<double>(); };
  for (int64_t i = 0; i < x.size(0); ++i) {
    const double expected[] = {value[i].item<double>(), number(score, i, 0), number(score, i, 1),
                               number(first, i, 0),     number(first, i, 1), number(second, i, 1)};
    const double steep = 1 + std::abs(expected[1]) + std::abs(expected[2]);
    const double tolerances[] = {1e-12 * (1 + std::abs(expected[0])),
                                 1e-11 * steep,
                                 1e-11 * steep,
                                 1e-10 * steep * steep,
                                 1e-10 * steep * steep,
                                 1e-10 * steep * steep};
    for (int order = 0; order <= 2; ++order) {
      const PlanarJet jet = jets.jet(i, number(x, i, 0), number(x, i, 1), order);
      const double actual[] = {jet.value,      jet.score[0],   jet.score[1],
                               jet.hessian[0], jet.hessian[1], jet.hessian[2]};
      const int known = order == 0 ? 1 : order == 1 ? 3 : 6;
      for (int k = 0; k < known; ++k)
        if (!(std::abs(actual[k] - expected[k]) <= tolerances[k])) return false;
    }
  }
  return true;
}

TEST(SmoothedCurve, HasTheSameJetsBySeriesAndByTensors) {
  testing::on_every_instruction_set([] {
    for (const CurveSmoothing& smoothing : smoothings()) {
      const auto law = spiral(smoothing);
      EXPECT_TRUE(agree(*law, *law)) << smoothing.half << " " << smoothing.variances[0];
    }
  });
}

TEST(SmoothedCurve, NegativeControlOtherNoiseHasOtherJets) {
  for (CurveSmoothing smoothing : smoothings()) {
    const auto law = spiral(smoothing);
    for (double& variance : smoothing.variances) variance *= 1 + 1e-9;
    EXPECT_FALSE(agree(*law, *spiral(smoothing)));
  }
  CurveSmoothing wider = smoothings()[1];
  const auto law = spiral(wider);
  wider.half *= 1 + 1e-7;
  EXPECT_FALSE(agree(*law, *spiral(wider)));
}

// One variance a row, as a blur has it.
TEST(SmoothedCurve, TakesABlurForEachRow) {
  const Tensor added = torch::linspace(0, 4, points_around().size(0), torch::kDouble);
  for (const CurveSmoothing& smoothing : smoothings()) {
    const auto law = spiral(smoothing)->with(added);
    EXPECT_TRUE(agree(*law, *law));
    EXPECT_FALSE(agree(*law, *spiral(smoothing)->with(added * (1 + 1e-6))));
  }
}

TEST(SmoothedCurve, RefusesWhatItsKernelDoesNotTake) {
  const CurveSmoothing normal;
  EXPECT_NO_THROW(smoothed_curve(nodes_of_spiral(512), normal));
  for (const int count : {0, 7, 520})
    EXPECT_THROW(smoothed_curve(nodes_of_spiral(count), normal), std::logic_error);
  EXPECT_THROW(spiral({.half = 0.1, .variances = {1, 2}}), std::logic_error);
  EXPECT_THROW(spiral({.half = 0.7, .variances = {1, 1}}), std::logic_error);
}

// Of degree 39 at most on each panel.
TEST(GaussPanels, IntegratePolynomials) {
  const CurveRule rule = gauss_panels({-1, 0.5, 2});
  ASSERT_EQ(rule.nodes.size(), 40u);
  for (size_t k = 1; k < rule.nodes.size(); ++k) EXPECT_LT(rule.nodes[k - 1], rule.nodes[k]);
  const auto integral = [&](int power) {
    double sum = 0;
    for (size_t k = 0; k < rule.nodes.size(); ++k) sum += rule.weights[k] * std::pow(rule.nodes[k], power);
    return sum;
  };
  for (const int power : {0, 1, 2, 17, 39}) {
    const double exact = (std::pow(2, power + 1) - std::pow(-1, power + 1)) / (power + 1);
    EXPECT_NEAR(integral(power) / exact, 1, 1e-12) << power;
  }
}

}  // namespace
}  // namespace samplerbench::targets
