#include "core/nets/image_denoiser.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/rng.h"

namespace samplerbench {
namespace {

constexpr int64_t kHeight = 8, kWidth = 12, kPixels = kHeight * kWidth;

// With weights that are no longer small.
struct Denoiser {
  Denoiser() {
    Rng rng(2);
    flat = first_weights(net.plans(), rng, torch::kDouble);
    flat.add_(rng.normal(flat.sizes(), torch::kDouble), 0.2);
  }

  Weights weights(torch::ScalarType dtype = torch::kDouble) const {
    return weights_in(flat.to(dtype), net.plans());
  }

  ImageDenoiser net{ImageDenoiserShape{.height = kHeight, .width = kWidth, .channels = 3, .bottleneck = 7}};
  Tensor flat;
};

Tensor images(uint64_t seed) { return Rng(seed).normal({5, kPixels}, torch::kDouble); }

bool agree(const Tensor& a, const Tensor& b, double share) {
  return ((a - b).norm() <= share * b.norm()).item<bool>();
}

TEST(ImageDenoiser, TracesHaveTheValue) {
  const Denoiser denoiser;
  const Tensor x = images(3), value = denoiser.net.forward(x, denoiser.weights());
  EXPECT_EQ(value.sizes(), x.sizes());
  const ImageDenoiser::Trace slopes = denoiser.net.trace(x, denoiser.weights());
  EXPECT_TRUE(slopes.has_slopes);
  EXPECT_TRUE(agree(slopes.value, value, 1e-13));
  torch::NoGradGuard no_grad;
  const ImageDenoiser::Trace arguments = denoiser.net.trace(x, denoiser.weights());
  EXPECT_FALSE(arguments.has_slopes);
  EXPECT_TRUE(agree(arguments.value, value, 1e-13));
}

TEST(ImageDenoiser, PullBacksAreThoseOfAutograd) {
  const Denoiser denoiser;
  const Weights weights = denoiser.weights();
  const Tensor x = images(3).requires_grad_(), v = images(4);
  const Tensor expected = torch::autograd::grad({denoiser.net.forward(x, weights)}, {x}, {v})[0];
  const ImageDenoiser& net = denoiser.net;
  EXPECT_TRUE(agree(net.pulled_back(v, net.trace(x, weights), weights), expected, 1e-12));
  torch::NoGradGuard no_grad;
  EXPECT_TRUE(agree(net.pulled_back(v, net.trace(x, weights), weights), expected, 1e-12));
  // In float32 another function has the slopes.
  const Weights single = denoiser.weights(torch::kFloat);
  const Tensor near = net.pulled_back(v.to(torch::kFloat), net.trace(x.to(torch::kFloat), single), single);
  EXPECT_TRUE(agree(near.to(torch::kDouble), expected, 1e-5));
  // At other points it is another one, and so it is where one kernel is not turned.
  EXPECT_FALSE(agree(net.pulled_back(v, net.trace(images(5), weights), weights), expected, 1e-3));
  Weights turned = weights;
  turned[0] = turned[0].flip({2, 3});
  EXPECT_FALSE(agree(net.pulled_back(v, net.trace(x, weights), turned), expected, 1e-3));
}

// d/dw of v' J(x)' u along a direction of all weights, and d/dx of the same, against differences.
TEST(ImageDenoiser, PullBacksAreDifferentiable) {
  const Denoiser denoiser;
  const ImageDenoiser& net = denoiser.net;
  const Tensor x = images(3), u = images(4), v = images(5);
  const Tensor x_way = images(6), w_way = Rng(7).normal(denoiser.flat.sizes(), torch::kDouble);
  const auto value = [&](const Tensor& at, const Tensor& flat) {
    const Weights weights = weights_in(flat, net.plans());
    return (net.pulled_back(u, net.trace(at, weights), weights) * v).sum();
  };
  const Tensor point = x.clone().requires_grad_(), flat = denoiser.flat.clone().requires_grad_();
  const auto slopes = torch::autograd::grad({value(point, flat)}, {point, flat});
  const double h = 1e-6;
  const Tensor in_x = value(x + h * x_way, denoiser.flat) - value(x - h * x_way, denoiser.flat);
  const Tensor in_w = value(x, denoiser.flat + h * w_way) - value(x, denoiser.flat - h * w_way);
  EXPECT_TRUE(agree((slopes[0] * x_way).sum(), in_x / (2 * h), 1e-5));
  EXPECT_TRUE(agree((slopes[1] * w_way).sum(), in_w / (2 * h), 1e-5));
}

// How far a change of one pixel reaches: where |R(x + e) - R(x)| > 0, [H, W], with e in row 20, column 24 of
// 40 x 44.
Tensor reach(bool with_bottleneck) {
  const ImageDenoiser net(ImageDenoiserShape{.height = 40, .width = 44, .channels = 3, .bottleneck = 4});
  Rng rng(8);
  Tensor flat = first_weights(net.plans(), rng, torch::kDouble);
  const Weights weights = weights_in(flat, net.plans());
  if (!with_bottleneck) weights[12].zero_();  // the kernel of what widens the few maps
  const Tensor x = rng.normal({1, 40 * 44}, torch::kDouble);
  Tensor moved = x.clone();
  moved[0][20 * 44 + 24] += 1;
  return (net.forward(moved, weights) - net.forward(x, weights)).abs().view({40, 44});
}

// Without its bottleneck the net sees convolutions alone. In squares of 2 x 2 pixels, the pixel's is (10,
// 12). The entry reaches one farther, the squares of 4 x 4 one of theirs, the refinement and the exit one
// each: squares 4 to 15 down and 6 to 17 across. Folds that mix up height and width or places would end
// elsewhere.
TEST(ImageDenoiser, IsLocalButForItsBottleneck) {
  const Tensor local = reach(false);
  const Tensor inside = local.slice(0, 8, 32).slice(1, 12, 36);
  const double sum = inside.sum().item<double>();
  EXPECT_GT(inside.min().item<double>(), 0);
  EXPECT_NEAR(local.sum().item<double>(), sum, 1e-12 * sum);
  EXPECT_GT(reach(true).min().item<double>(), 0);
}

}  // namespace
}  // namespace samplerbench
