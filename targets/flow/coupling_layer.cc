#include "core/nets/dense_layers.h"
#include "targets/flow/flow_layers.h"

namespace samplerbench::targets {
namespace {

constexpr double kLogScaleBound = 2;

class CouplingLayer final : public FlowLayer {
 public:
  CouplingLayer(int64_t dim, bool changes_the_rest, int64_t width, int64_t depth)
      : first_(dim / 2),
        rest_(dim - dim / 2),
        changes_the_rest_(changes_the_rest),
        scale_(
            dense_widths(changes_the_rest ? first_ : rest_, width, depth, changes_the_rest ? rest_ : first_),
            Activation::silu),
        shift_(scale_) {}

  WeightPlans plans() const override {
    WeightPlans plans = scale_.plans();
    const WeightPlans of_shift = shift_.plans();
    plans.insert(plans.end(), of_shift.begin(), of_shift.end());
    return plans;
  }

  FlowStep step(const Tensor& x, const Weights& weights, bool for_score) const override {
    return for_score ? traced(x, nets_in(weights)) : plain(x, nets_in(weights));
  }

  FlowMap inverse(const Weights& weights) const override {
    return [layer = *this, nets = nets_in(weights)](const Tensor& y) {
      const Halves half = layer.split(y);
      const Tensor kept = half.kept.contiguous();
      Tensor scale = torch::empty(half.changed.sizes(), y.options()), shift = torch::empty_like(scale);
      layer.scale_.infer(kept, nets.scale, scale);
      layer.shift_.infer(kept, nets.shift, shift);
      const Tensor log_scale = kLogScaleBound * (scale / kLogScaleBound).tanh();
      return layer.together(kept, (half.changed - shift) * (-log_scale).exp());
    };
  }

 private:
  struct Halves {
    Tensor kept, changed;
  };
  struct Nets {
    Weights scale, shift;
  };

  // What the pass backward takes from the pass forward.
  struct Kept {
    Nets nets;
    DenseLayers::Trace scale, shift;
    Tensor squash, stretch, stretched;  // [N, k]: tanh, exp of the log scale, and that times c
  };

  static Nets nets_in(const Weights& weights) {
    const auto middle = weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 2);
    return {Weights(weights.begin(), middle), Weights(middle, weights.end())};
  }

  Halves split(const Tensor& x) const {
    const Tensor first = x.narrow(1, 0, first_), rest = x.narrow(1, first_, rest_);
    return changes_the_rest_ ? Halves{first, rest} : Halves{rest, first};
  }

  Tensor together(const Tensor& kept, const Tensor& changed) const {
    return changes_the_rest_ ? torch::cat({kept, changed}, 1) : torch::cat({changed, kept}, 1);
  }

  FlowStep plain(const Tensor& x, const Nets& nets) const {
    const Halves half = split(x);
    const Tensor log_scale = kLogScaleBound * (scale_.forward(half.kept, nets.scale) / kLogScaleBound).tanh();
    const Tensor changed =
        torch::addcmul(shift_.forward(half.kept, nets.shift), half.changed, log_scale.exp());
    return {.y = together(half.kept, changed), .log_slope = [log_scale] { return log_scale.sum(1); }};
  }

  FlowStep traced(const Tensor& x, Nets nets) const {
    const Halves half = split(x);
    Kept kept{.scale = scale_.trace(half.kept, nets.scale), .shift = shift_.trace(half.kept, nets.shift)};
    kept.nets = std::move(nets);
    kept.squash = (kept.scale.value / kLogScaleBound).tanh();
    const Tensor log_scale = kLogScaleBound * kept.squash;
    kept.stretch = log_scale.exp();
    kept.stretched = half.changed * kept.stretch;
    return {.y = together(half.kept, kept.stretched + kept.shift.value),
            .log_slope = [log_scale] { return log_scale.sum(1); },
            .pulled_back = [this, kept](const Tensor& g) { return pulled_back(g, kept); }};
  }

  // With g_c the gradient in the half that changes: exp(s) g_c there; in s it is g_c exp(s) c, and 1 more
  // from log |det|, the sum of s; in t it is g_c.
  Tensor pulled_back(const Tensor& g, const Kept& kept) const {
    const Halves half = split(g);
    const Tensor in_scale = (half.changed * kept.stretched + 1) * (1 - kept.squash.square());
    const Tensor through_scale = scale_.pulled_back(in_scale, kept.scale, kept.nets.scale);
    const Tensor through_shift = shift_.pulled_back(half.changed, kept.shift, kept.nets.shift);
    return together(half.kept + through_scale + through_shift, half.changed * kept.stretch);
  }

  int64_t first_, rest_;
  bool changes_the_rest_;
  DenseLayers scale_, shift_;  // r and t
};

}  // namespace

std::unique_ptr<FlowLayer> coupling_layer(int64_t dim, bool changes_the_rest, int64_t width, int64_t depth) {
  return std::make_unique<CouplingLayer>(dim, changes_the_rest, width, depth);
}

}  // namespace samplerbench::targets
