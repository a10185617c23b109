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
    Kept kept{.scale = scale_.trace(half.kept, nets.scale, /*for_bend=*/true),
              .shift = shift_.trace(half.kept, nets.shift, /*for_bend=*/true)};
    kept.nets = std::move(nets);
    kept.squash = (kept.scale.value / kLogScaleBound).tanh();
    const Tensor log_scale = kLogScaleBound * kept.squash;
    kept.stretch = log_scale.exp();
    kept.stretched = half.changed * kept.stretch;
    return {.y = together(half.kept, kept.stretched + kept.shift.value),
            .log_slope = [log_scale] { return log_scale.sum(1); },
            .pulled_back = [this, kept](const Tensor& g) { return pulled_back(g, kept); },
            .along = [this, kept](const Tensor& v) { return along(v, kept); }};
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

  // With a prime for the derivative along v, q = tanh(r / 2), s = 2 q and f = exp(s) c:
  //   (f + t)' = f s' + exp(s) c' + t' and (f + t)'' = f s'' + s' (f s' + 2 exp(s) c') + t''.
  FlowTangent along(const Tensor& v, const Kept& kept) const {
    const Halves half = split(v);
    const DenseLayers::Tangent scale = scale_.tangent(half.kept, kept.scale, kept.nets.scale),
                               shift = shift_.tangent(half.kept, kept.shift, kept.nets.shift);
    const Tensor log_scale = scale.value * (1 - kept.squash.square()), moved = half.changed * kept.stretch;
    const Tensor changed = kept.stretched * log_scale + moved + shift.value;
    return {.y = together(half.kept, changed), .bend = [=, this](const Tensor& g) {
              const Tensor in_changed = split(g).changed;
              return bend_of_scale(in_changed, kept, scale) +
                     (in_changed * log_scale * (kept.stretched * log_scale + 2 * moved)).sum(1) +
                     shift_.bend(in_changed, shift, kept.shift, kept.nets.shift);
            }};
  }

  // The terms in s'' of g_c'(f + t)'' and of the second derivative of log |det|:
  //   (g_c f + 1) s'', where s'' = (1 - q^2) (r'' - q r'^2).
  Tensor bend_of_scale(const Tensor& in_changed, const Kept& kept, const DenseLayers::Tangent& scale) const {
    const Tensor in_scale = (in_changed * kept.stretched + 1) * (1 - kept.squash.square());
    return scale_.bend(in_scale, scale, kept.scale, kept.nets.scale) -
           (2 / kLogScaleBound) * (in_scale * kept.squash * scale.value.square()).sum(1);
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
