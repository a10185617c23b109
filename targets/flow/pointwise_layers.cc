#include <cmath>

#include "targets/flow/flow_layers.h"
#include "targets/flow/smooth_leaky_relu.h"

namespace samplerbench::targets {
namespace {

class SmoothLeakyReluLayer final : public FlowLayer {
 public:
  WeightPlans plans() const override { return {}; }

  FlowStep step(const Tensor& x, const Weights&, bool for_score) const override {
    const Tensor gate = torch::sigmoid(x), first = kFlowSlope + (1 - kFlowSlope) * gate;
    FlowStep made{.y = smooth_leaky_relu(x, kFlowSlope),
                  .log_slope = [first] { return first.log().sum(1); }};
    if (!for_score) return made;
    // (log f')' = f'' / f' and (log f')'' = f''' / f' - (f'' / f')^2, where f''' = f'' (1 - 2 gate).
    const Tensor second = (1 - kFlowSlope) * gate * (1 - gate), log_slope = second / first;
    made.pulled_back = [first, log_slope](const Tensor& g) { return g * first + log_slope; };
    made.along = [gate, first, second, log_slope](const Tensor& v) {
      const auto bend = [gate, second, log_slope, v](const Tensor& g) {
        const Tensor curvature = g * second + log_slope * (1 - 2 * gate - log_slope);
        return (curvature * v.square()).sum(1);
      };
      return FlowTangent{.y = v * first, .bend = bend};
    };
    return made;
  }

  FlowMap inverse(const Weights&) const override {
    return [](const Tensor& y) { return inverse_smooth_leaky_relu(y, kFlowSlope, kFlowNewtonSteps); };
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
                  return (g / alpha + z - rest) * (rate / (z * rest)) * inside(x);
                },
            .along =
                [x, z, rest, rate, alpha = alpha_](const Tensor& v) {
                  const Tensor moved = v * (rate / (z * rest)) * inside(x);
                  const auto bend = [z, rest, moved, alpha](const Tensor& g) {
                    const Tensor curvature = g / alpha * (z - rest) + z.square() + rest.square();
                    return (curvature * moved.square()).sum(1);
                  };
                  return FlowTangent{.y = moved / alpha, .bend = bend};
                }};
  }

  FlowMap inverse(const Weights&) const override {
    return [alpha = alpha_](const Tensor& y) {
      return (torch::sigmoid(alpha * y) / kLogitShrink - kLogitMargin) * kGreyLevels;
    };
  }

 private:
  // 1 where the logit depends on the level, else 0.
  static Tensor inside(const Tensor& x) {
    return x.ge(0).logical_and(x.le(kGreyLevels)).to(x.scalar_type());
  }

  double dim_, alpha_;
};

}  // namespace

std::unique_ptr<FlowLayer> smooth_leaky_relu_layer() { return std::make_unique<SmoothLeakyReluLayer>(); }

std::unique_ptr<FlowLayer> pixel_logit_layer(int64_t dim, double alpha) {
  return std::make_unique<PixelLogitLayer>(dim, alpha);
}

}  // namespace samplerbench::targets
