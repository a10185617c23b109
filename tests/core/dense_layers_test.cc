#include "core/nets/dense_layers.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/rng.h"

namespace samplerbench {
namespace {

// Smooth ones: a second derivative by autograd knows nothing of a kink.
const std::vector<std::string> kSmooth{"silu", "tanh", "softplus", "softplus10"};

struct Net {
  explicit Net(const std::string& activation)
      : layers({3, 6, 5, 2}, activation_named(activation)),
        flat(Rng(2).normal({weights_size(layers.plans())}, torch::kDouble) * 0.5) {}

  Weights weights() const { return weights_in(flat, layers.plans()); }

  DenseLayers layers;
  Tensor flat;
};

Tensor inputs() { return Rng(3).normal({7, 3}, torch::kDouble); }

Tensor gradient(const Tensor& of, const Tensor& at) {
  return torch::autograd::grad({of.sum()}, {at}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
}

// The trace of the Hessian of output `o`, [N], by autograd.
Tensor trace_by_autograd(const Net& net, const Tensor& x, int64_t o) {
  const Tensor point = x.clone().requires_grad_();
  const Tensor slope = gradient(net.layers.forward(point, net.weights()).select(1, o), point);
  Tensor trace = torch::zeros({x.size(0)}, torch::kDouble);
  for (int64_t d = 0; d < x.size(1); ++d)
    trace = trace + gradient(slope.select(1, d), point).select(1, d).detach();
  return trace;
}

TEST(DenseLayers, CurvedJetAlongTheAxesHasTheTraceOfTheHessian) {
  for (const std::string& name : kSmooth) {
    const Net net(name);
    const Tensor x = inputs(), axes = torch::eye(3, torch::kDouble).unsqueeze(1);
    const DenseLayers::CurvedJet found = net.layers.curved_jet(x, axes, net.weights());
    const DenseLayers::Jet jet = net.layers.jet(x, axes, net.weights());
    EXPECT_TRUE(torch::allclose(found.value, jet.value, 1e-12, 1e-12)) << name;
    EXPECT_TRUE(torch::allclose(found.derivative, jet.derivative, 1e-12, 1e-12)) << name;
    for (int64_t o = 0; o < 2; ++o) {
      const Tensor expected = trace_by_autograd(net, x, o);
      EXPECT_TRUE(torch::allclose(found.curvature.select(1, o), expected, 1e-6, 1e-8)) << name;
      EXPECT_FALSE(torch::allclose(found.curvature.select(1, 1 - o), expected, 1e-6, 1e-8)) << name;
    }
  }
}

// Against the jet of one direction a point, forward all the way.
TEST(DenseLayers, BendIsTheSecondDerivativeAlongTheTangent) {
  for (const std::string& name : kSmooth) {
    const Net net(name);
    Rng rng(4);
    const Tensor x = inputs(), v = rng.normal({7, 3}, torch::kDouble), g = rng.normal({7, 2}, torch::kDouble);
    const DenseLayers::Trace trace = net.layers.trace(x, net.weights(), /*for_bend=*/true);
    const DenseLayers::Tangent tangent = net.layers.tangent(v, trace, net.weights());
    const DenseLayers::CurvedJet jet = net.layers.curved_jet(x, v.unsqueeze(0), net.weights());
    EXPECT_TRUE(torch::allclose(tangent.value, jet.derivative[0], 1e-12, 1e-12)) << name;
    const Tensor found = net.layers.bend(g, tangent, trace, net.weights());
    EXPECT_TRUE(torch::allclose(found, (g * jet.curvature).sum(1), 1e-10, 1e-12)) << name;
    EXPECT_FALSE(torch::allclose(found, (g * jet.derivative[0]).sum(1), 1e-3, 1e-3)) << name;
  }
}

// v'Hv of directions of each point's own, by differences of the derivative.
TEST(DenseLayers, CurvedJetSumsOverTheDirections) {
  for (const std::string& name : kSmooth) {
    const Net net(name);
    const Tensor x = inputs(), v = Rng(4).normal({2, 7, 3}, torch::kDouble);
    const auto along = [&](const Tensor& at, int64_t k) {
      return net.layers.jet(at, v.narrow(0, k, 1), net.weights()).derivative[0];
    };
    Tensor expected = torch::zeros({7, 2}, torch::kDouble);
    for (int64_t k = 0; k < 2; ++k)
      expected = expected + (along(x + 1e-5 * v[k], k) - along(x - 1e-5 * v[k], k)) / 2e-5;
    EXPECT_TRUE(torch::allclose(net.layers.curved_jet(x, v, net.weights()).curvature, expected, 1e-5, 1e-5))
        << name;
  }
}

TEST(DenseLayers, CurvedJetIsDifferentiableInTheWeights) {
  for (const std::string& name : kSmooth) {
    Net net(name);
    const Tensor x = inputs(), axes = torch::eye(3, torch::kDouble).unsqueeze(1);
    const Tensor outer = Rng(5).normal({7, 2}, torch::kDouble);
    const auto value = [&](const Tensor& flat) {
      const DenseLayers::CurvedJet jet = net.layers.curved_jet(x, axes, weights_in(flat, net.layers.plans()));
      return (jet.curvature * outer).sum() + jet.derivative.square().sum();
    };
    const Tensor leaf = net.flat.clone().requires_grad_();
    const Tensor found = torch::autograd::grad({value(leaf)}, {leaf})[0];
    const double size = found.abs().max().item<double>();
    for (int64_t i = 0; i < net.flat.numel(); i += 3) {
      Tensor above = net.flat.clone(), below = net.flat.clone();
      above[i] += 1e-5;
      below[i] -= 1e-5;
      const double difference = (value(above) - value(below)).item<double>() / 2e-5;
      EXPECT_NEAR(found[i].item<double>(), difference, 1e-5 * size) << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace samplerbench
