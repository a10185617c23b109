#include <cmath>

#include "targets/flow/flow_layers.h"
#include "targets/flow/smooth_leaky_relu.h"

namespace samplerbench::targets {
namespace {

constexpr int kNewtonSteps = 10;  // exact to rounding: see inverse_smooth_leaky_relu

class SmoothLeakyReluLayer final : public FlowLayer {
 public:
  WeightPlans plans() const override { return {}; }

  FlowStep step(const Tensor& x, const Weights&, bool) const override {
    const Tensor gate = torch::sigmoid(x), first = kFlowSlope + (1 - kFlowSlope) * gate;
    return {.y = smooth_leaky_relu(x, kFlowSlope),
            .log_slope = [first] { return first.log().sum(1); },
            .pulled_back =
                [gate, first](const Tensor& g) {
                  return g * first + (1 - kFlowSlope) * gate * (1 - gate) / first;
                }};
  }

  FlowMap inverse(const Weights&) const override {
    return [](const Tensor& y) { return inverse_smooth_leaky_relu(y, kFlowSlope, kNewtonSteps); };
  }
};

constexpr double kLogitMargin = 1e-6, kLogitShrink = 1 - 2e-6;

class PixelLogitLayer final : public FlowLayer {
 public:
  PixelLogitLayer(int64_t dim, double alpha) : dim_(static_cast<double>(dim)), alpha_(alpha) {}

  WeightPlans plans() const override { return {}; }

  FlowStep step(const Tensor& x, const Weights&, bool) const override {
    const Tensor z = (x.clamp(0, kGreyLevels) / kGreyLevels + kLogitMargin) * kLogitShrink, rest = 1 - z;
    const Tensor log_z = z.log(), log_rest = rest.log();
    const double rate = kLogitShrink / kGreyLevels;  // dz/dx
    return {.y = (log_z - log_rest) / alpha_,
            .log_slope =
                [log_z, log_rest, constant = dim_ * std::log(rate / alpha_)] {
                  return constant - (log_z + log_rest).sum(1);
                },
            .pulled_back =
                [x, z, rest, rate, alpha = alpha_](const Tensor& g) {
                  const Tensor inside = x.ge(0).logical_and(x.le(kGreyLevels));
                  return (g / alpha + z - rest) * (rate / (z * rest)) * inside.to(z.scalar_type());
                }};
  }

  FlowMap inverse(const Weights&) const override {
    return [alpha = alpha_](const Tensor& y) {
      return (torch::sigmoid(alpha * y) / kLogitShrink - kLogitMargin) * kGreyLevels;
    };
  }

 private:
  double dim_, alpha_;
};

}  // namespace

std::unique_ptr<FlowLayer> smooth_leaky_relu_layer() { return std::make_unique<SmoothLeakyReluLayer>(); }

std::unique_ptr<FlowLayer> pixel_logit_layer(int64_t dim, double alpha) {
  return std::make_unique<PixelLogitLayer>(dim, alpha);
}

}  // namespace samplerbench::targets
