#include "targets/flow/flow_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/error.h"
#include "targets/flow/flow_layers.h"
#include "tests/statistics.h"
#include "tests/targets/flow_fixtures.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::flow_weights_away;
using samplerbench::testing::log_standard_normal;
using samplerbench::testing::mean_is;
using samplerbench::testing::small_flow_shape;
using samplerbench::testing::tracked;
using ::testing::HasSubstr;

struct Kind {
  std::string kind;
  int64_t dim;
  double pixel_alpha = 0;
};

class Flow : public ::testing::TestWithParam<Kind> {
 protected:
  static FlowShape shape() {
    FlowShape shape = small_flow_shape(GetParam().kind, GetParam().dim);
    shape.pixel_alpha = GetParam().pixel_alpha;
    return shape;
  }

  // Normals, or grey levels.
  Tensor points(int64_t n) const {
    Rng rng(5);
    if (GetParam().pixel_alpha > 0) return 1 + 254 * rng.uniform({n, network_.dim()}, torch::kDouble);
    return 1.5 * rng.normal({n, network_.dim()}, torch::kDouble);
  }

  const FlowNetwork network_{shape()};
  const Weights weights_ = network_.unflatten(flow_weights_away(network_, 3));
};

double relative_error(const Tensor& found, const Tensor& expected) {
  return ((found - expected).norm() / expected.norm()).item<double>();
}

// The Jacobian of g by autograd, one row of it at a time: log |det|, [N].
Tensor log_jacobian(const FlowNetwork& network, const Weights& weights, const Tensor& at) {
  const Tensor x = at.clone().requires_grad_();
  const Tensor u = network.latents(x, weights);
  std::vector<Tensor> rows;
  for (int64_t i = 0; i < u.size(1); ++i)
    rows.push_back(torch::autograd::grad({u.select(1, i).sum()}, {x}, {}, /*retain_graph=*/true)[0]);
  return std::get<1>(at::linalg_slogdet(torch::stack(rows, 1)));
}

TEST_P(Flow, DensityIsThatOfTheChangeOfVariables) {
  const Tensor x = points(9);
  const Tensor expected =
      log_standard_normal(network_.latents(x, weights_)) + log_jacobian(network_, weights_, x);
  EXPECT_LT(relative_error(network_.log_density(x, weights_), expected), 1e-10);
  EXPECT_GT(relative_error(-network_.energy(x, weights_), expected), 1e-3) << "the determinant left out";
}

// The score, and the derivatives of a function of it in the points and in the weights.
TEST_P(Flow, ScoreIsTheGradientOfTheEnergy) {
  const Tensor x = points(7).requires_grad_();
  Weights leaves = tracked(weights_);
  Rng rng(6);
  const Tensor v = rng.normal(x.sizes(), torch::kDouble);
  const Tensor written = network_.score(x, leaves);
  const Tensor expected = -torch::autograd::grad({network_.energy(x, leaves).sum()}, {x}, {},
                                                 /*retain_graph=*/true, /*create_graph=*/true)[0];
  EXPECT_LT(relative_error(written.detach(), expected.detach()), 1e-10);
  leaves.push_back(x);
  const auto first = torch::autograd::grad({(written * v).sin().sum()}, leaves);
  const auto second = torch::autograd::grad({(expected * v).sin().sum()}, leaves);
  for (size_t i = 0; i < leaves.size(); ++i)
    EXPECT_LT((first[i] - second[i]).abs().max().item<double>(),
              1e-8 * (1 + second[i].abs().max().item<double>()))
        << i;
}

// v' (grad s) v along two directions a point, by autograd through the score, and the derivatives of a
// function of it in the points and in the weights.
TEST_P(Flow, CurvatureIsTheDerivativeOfTheScore) {
  const Tensor x = points(7).requires_grad_();
  Weights leaves = tracked(weights_);
  Rng rng(6);
  const Tensor v = rng.normal({2, x.size(0), x.size(1)}, torch::kDouble);
  const FlowNetwork::CurvedScore written = network_.curved_score(x, v, leaves);
  const Tensor score = network_.score(x, leaves);
  Tensor expected = torch::zeros({x.size(0)}, torch::kDouble);
  for (int64_t k = 0; k < 2; ++k) {
    const Tensor product = torch::autograd::grad({(score * v[k]).sum()}, {x}, {}, /*retain_graph=*/true,
                                                 /*create_graph=*/true)[0];
    expected = expected + (product * v[k]).sum(1) / 2;
  }
  EXPECT_LT(relative_error(written.score.detach(), score.detach()), 1e-12);
  EXPECT_LT(relative_error(written.curvature.detach(), expected.detach()), 1e-9);
  const Tensor longer = network_.curved_score(x, 1.1 * v, leaves).curvature.detach();
  EXPECT_GT(relative_error(longer, expected.detach()), 0.1) << "along other directions";
  leaves.push_back(x);
  const auto first = torch::autograd::grad({written.curvature.sin().sum()}, leaves);
  const auto second = torch::autograd::grad({expected.sin().sum()}, leaves);
  for (size_t i = 0; i < leaves.size(); ++i)
    EXPECT_LT((first[i] - second[i]).abs().max().item<double>(),
              1e-8 * (1 + second[i].abs().max().item<double>()))
        << i;
}

TEST_P(Flow, ValueAndScoreAreOutsideAnyGraph) {
  const Tensor x = points(7).requires_grad_();
  const Weights leaves = tracked(weights_);
  const ValueAndScore both = network_.value_and_score(x, leaves);
  EXPECT_FALSE(both.value.requires_grad() || both.score.requires_grad());
  EXPECT_LT(relative_error(both.value, -network_.energy(x, leaves).detach()), 1e-12);
  EXPECT_LT(relative_error(both.score, network_.score(x, leaves).detach()), 1e-12);
}

TEST_P(Flow, InverseUndoesTheFlow) {
  const Tensor x = points(200);
  const FlowInverse inverse = network_.inverse(tracked(weights_));
  const Tensor again = inverse.points_at(network_.latents(x, weights_));
  EXPECT_FALSE(again.requires_grad());
  // softplus is exact to 2e-9
  EXPECT_LT((again - x).abs().max().item<double>(), 1e-7);
  const FlowInverse other = network_.inverse(network_.unflatten(flow_weights_away(network_, 4)));
  EXPECT_GT((other.points_at(network_.latents(x, weights_)) - x).abs().max().item<double>(), 1e-2);
}

// Stein's identity E s'x = -D, which fails at draws that are 1.1 times as far out. Not for grey levels, whose
// law ends at a border.
TEST_P(Flow, DrawsHaveItsDensity) {
  if (GetParam().pixel_alpha > 0) GTEST_SKIP() << "the law ends at a border";
  Rng rng(8);
  const Tensor x = network_.inverse(weights_).draw(20000, rng);
  const auto identity = [&](double factor) {
    return (network_.score(factor * x, weights_) * (factor * x)).sum(1);
  };
  const auto expected = -static_cast<double>(network_.dim());
  EXPECT_TRUE(mean_is(identity(1), expected));
  EXPECT_FALSE(mean_is(identity(1.1), expected));
}

TEST_P(Flow, SinglePrecisionAgrees) {
  const Tensor x = points(50), single = x.to(torch::kFloat);
  Weights weights;
  for (const Tensor& weight : weights_) weights.push_back(weight.to(torch::kFloat));
  const Tensor energy = network_.energy(single, weights);
  EXPECT_EQ(energy.scalar_type(), torch::kFloat);
  EXPECT_LT(relative_error(energy.to(torch::kDouble), network_.energy(x, weights_)), 1e-4);
  EXPECT_LT(relative_error(network_.score(single, weights).to(torch::kDouble), network_.score(x, weights_)),
            1e-3);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Flow,
                         ::testing::Values(Kind{"dense", 2}, Kind{"dense", 1}, Kind{"dense", 4},
                                           Kind{"coupling", 2}, Kind{"coupling", 5}, Kind{"dense", 3, 0.5},
                                           Kind{"coupling", 3, 0.7}),
                         [](const auto& info) {
                           return info.param.kind + std::to_string(info.param.dim) +
                                  (info.param.pixel_alpha > 0 ? "pixels" : "");
                         });

// log of the integral of exp(-E) over the plane, by the trapezoidal rule on a square that reaches 1.6 times
// as far as 20,000 draws: the law's tails are those of a normal law, so that less than 1e-8 lies beyond.
double log_mass(const FlowNetwork& network, const Weights& weights) {
  Rng rng(4);
  const double reach = 1.6 * network.inverse(weights).draw(20000, rng).abs().max().item<double>();
  constexpr int64_t kNodes = 1201;
  const Tensor axis = torch::linspace(-reach, reach, kNodes, torch::kDouble);
  const auto grid = torch::meshgrid({axis, axis}, "ij");
  const Tensor x = torch::stack({grid[0].reshape({-1}), grid[1].reshape({-1})}, 1);
  return torch::logsumexp(-network.energy(x, weights), 0).item<double>() +
         2 * std::log(2 * reach / static_cast<double>(kNodes - 1));
}

TEST(FlowNetwork, HasItsLogZ) {
  for (const std::string kind : {"dense", "coupling"}) {
    const FlowNetwork network(small_flow_shape(kind, 2));
    const Weights weights = network.unflatten(flow_weights_away(network, 3));
    const double log_z = -network.log_determinant(weights).item<double>(), mass = log_mass(network, weights);
    EXPECT_NEAR(mass, log_z, 1e-6) << kind;
    EXPECT_GT(std::abs(mass), 1e-3) << kind << ": without its determinants the same check fails";
  }
}

// In one dimension over all grey levels, with the preparation and, where it must fail, without its slope.
TEST(FlowNetwork, DensityOfGreyLevelsIsNormalised) {
  FlowShape shape = small_flow_shape("dense", 1);
  const FlowNetwork plain(shape);
  shape.pixel_alpha = 0.5;
  const FlowNetwork pixels(shape);
  const Weights weights = pixels.unflatten(flow_weights_away(pixels, 3, 0.1));
  const Tensor x = torch::linspace(0, 256, 100001, torch::kDouble);
  const auto mass = [&x](const Tensor& log_density) {
    return torch::trapezoid(log_density.exp(), x).item<double>();
  };
  EXPECT_NEAR(mass(pixels.log_density(x.unsqueeze(1), weights)), 1, 1e-5);
  const Tensor prepared = pixel_logit_layer(1, 0.5)->step(x.unsqueeze(1), {}, false).y;
  EXPECT_GT(std::abs(mass(plain.log_density(prepared, weights)) - 1), 1e-2);
}

// (x / 256 + 1e-6) (1 - 2e-6), then the logit over alpha, at a black, a middle and a white pixel.
TEST(PixelLogit, PreparesAsPublished) {
  const auto layer = pixel_logit_layer(1, 0.5);
  const Tensor y = layer->step(torch::tensor({0.0, 128.0, 256.0}, torch::kDouble).unsqueeze(1), {}, false).y;
  const auto expected = [](double level) {
    const double z = (level / 256 + 1e-6) * (1 - 2e-6);
    return 2 * std::log(z / (1 - z));
  };
  for (int64_t i = 0; i < 3; ++i) {
    const double value = expected(128.0 * static_cast<double>(i));
    EXPECT_NEAR(y[i].item<double>(), value, 1e-7 * (1 + std::abs(value)));
  }
}

TEST(PixelLogit, IsConstantOutside) {
  const auto layer = pixel_logit_layer(2, 0.5);
  const Tensor outside = torch::tensor({-3.0, 300.0}, torch::kDouble).unsqueeze(0).requires_grad_();
  const FlowStep step = layer->step(outside, {}, true);
  const FlowStep border = layer->step(torch::tensor({0.0, 256.0}, torch::kDouble).unsqueeze(0), {}, true);
  EXPECT_TRUE(torch::equal(step.y.detach(), border.y));
  const Tensor slope = torch::autograd::grad({step.y.sum() + step.log_slope().sum()}, {outside})[0];
  EXPECT_EQ(slope.abs().max().item<double>(), 0);
  EXPECT_EQ(step.pulled_back(torch::ones({1, 2}, torch::kDouble)).abs().max().item<double>(), 0);
  EXPECT_GT(border.pulled_back(torch::ones({1, 2}, torch::kDouble)).abs().min().item<double>(), 0);
}

TEST(FlowNetwork, NewFlowsAreAsDocumented) {
  Rng rng(7);
  const FlowNetwork dense(small_flow_shape("dense", 3));
  const Weights plain = dense.unflatten(dense.initial_weights(rng, torch::kDouble));
  ASSERT_EQ(plain.size(), 4u);
  for (size_t l = 0; l < 4; l += 2) {
    EXPECT_TRUE(torch::equal(plain[l], -torch::eye(3, torch::kDouble)));
    EXPECT_TRUE(torch::equal(plain[l + 1], torch::ones({3}, torch::kDouble)));
  }
  const FlowNetwork coupling(small_flow_shape("coupling", 4));
  const Weights rotation = coupling.unflatten(coupling.initial_weights(rng, torch::kDouble));
  const Tensor x = rng.normal({20, 4}, torch::kDouble);
  EXPECT_LT(relative_error(coupling.latents(x, rotation).square().sum(1), x.square().sum(1)), 1e-12);
  EXPECT_LT(std::abs(coupling.log_determinant(rotation).item<double>()), 1e-12);
  EXPECT_GT(relative_error(coupling.latents(x, rotation), x), 1e-2) << "no rotation at all";
}

// Every coordinate is changed by a coupling: with an odd D too.
TEST(FlowNetwork, CouplingsChangeBothHalves) {
  for (const int64_t dim : {2, 5}) {
    const Tensor x = torch::ones({1, dim}, torch::kDouble);
    const auto moved = [&](bool rest) {
      const auto layer = coupling_layer(dim, rest, 4, 1);
      Rng rng(9);
      Tensor flat = rng.normal({weights_size(layer->plans())}, torch::kDouble);
      return layer->step(x, weights_in(flat, layer->plans()), false).y.ne(x).squeeze(0);
    };
    EXPECT_EQ(moved(true).sum().item<int64_t>(), dim - dim / 2);
    EXPECT_TRUE(moved(true).logical_xor(moved(false)).all().item<bool>());
  }
}

std::string complaint_about(const FlowShape& shape) {
  try {
    FlowNetwork{shape};
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(FlowNetwork, RefusesShapesThatMakeNoFlow) {
  EXPECT_EQ(complaint_about({.kind = "dense", .dim = 1}), "");
  EXPECT_THAT(complaint_about({.kind = "coupling", .dim = 1}), HasSubstr("dim = 1"));
  EXPECT_THAT(complaint_about({.kind = "couplin"}), HasSubstr("did you mean 'coupling'?"));
  EXPECT_THAT(complaint_about({.kind = "dense", .layers = 0}), HasSubstr("layers = 0"));
  EXPECT_THAT(complaint_about({.blocks = -1}), HasSubstr("blocks = -1"));
  EXPECT_THAT(complaint_about({.width = 0}), HasSubstr("width = 0"));
  EXPECT_THAT(complaint_about({.depth = 99}), HasSubstr("depth = 99"));
  EXPECT_THAT(complaint_about({.pixel_alpha = -1}), HasSubstr("pixel_alpha = -1"));
}

TEST(FlowNetwork, AMatrixWithoutAnInverseIsSaid) {
  const FlowNetwork network(small_flow_shape("dense", 2));
  const Weights weights = network.unflatten(torch::zeros({network.parameters()}, torch::kDouble));
  EXPECT_THROW(network.inverse(weights), Diverged);
}

}  // namespace
}  // namespace samplerbench::targets
