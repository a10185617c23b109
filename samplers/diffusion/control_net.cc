#include "samplers/diffusion/control_net.h"

#include <utility>

namespace samplerbench::samplers {
namespace {

constexpr double kSlowest = 0.1, kFastest = 100;  // frequencies of time, in radians over a path

// The sines and cosines of all frequencies at the times 0, 1 / K, ..., 1: [K + 1, 2 F].
Tensor waves(int64_t nodes, int64_t frequencies, const torch::TensorOptions& placement) {
  const Tensor time = torch::linspace(0, 1, nodes, torch::kDouble),
               frequency = torch::linspace(kSlowest, kFastest, frequencies, torch::kDouble);
  const Tensor phase = torch::outer(time, frequency);
  return torch::cat({phase.sin(), phase.cos()}, 1).to(placement);
}

WeightPlans without_first_bias(const DenseLayers& layers) {
  WeightPlans plans = layers.plans();
  plans.erase(plans.begin() + 1);
  return plans;
}

}  // namespace

OptionTable ControlNetShape::options() {
  const ControlNetShape fallback;
  return grouped(
      "control",
      {Option::integer("width", fallback.width, "hidden units a layer of the drift network").at_least(1),
       Option::integer("depth", fallback.depth, "its hidden layers").at_least(1),
       Option::integer("frequencies", fallback.frequencies, "sines and cosines by which it sees time")
           .at_least(1),
       Option::real("guide", fallback.guide,
                    "factor, at the beginning, of the score term that is added to its output")});
}

ControlNetShape ControlNetShape::of(const Options& options, int64_t dim, double scale) {
  return {.dim = dim,
          .width = options.integer("width"),
          .depth = options.integer("depth"),
          .frequencies = options.integer("frequencies"),
          .scale = scale,
          .guide = options.real("guide")};
}

ControlNet::Parts ControlNet::first_parts(const ControlNetShape& shape, Rng& rng,
                                          const torch::TensorOptions& placement) {
  const DenseLayers states(dense_widths(shape.dim, shape.width, shape.depth, shape.dim), Activation::silu);
  const Tensor weights = first_weights(without_first_bias(states), rng, placement);
  Perceptron shift({2 * shape.frequencies, shape.width, shape.width}, Activation::silu, rng, placement);
  shift.open(1, rng);
  Perceptron guide({2 * shape.frequencies, shape.width, 1}, Activation::silu, rng, placement);
  const Tensor parameters = torch::cat({weights, shift.parameters(), guide.parameters()});
  return {states, shift, guide, parameters};
}

ControlNet::ControlNet(const ControlNetShape& shape, std::vector<PathGuide> guides, Rng& rng,
                       const torch::TensorOptions& placement)
    : ControlNet(shape, std::move(guides), first_parts(shape, rng, placement)) {}

ControlNet::ControlNet(const ControlNetShape& shape, std::vector<PathGuide> guides, const Parts& parts)
    : shape_(shape),
      guides_(std::move(guides)),
      states_(parts.states),
      plans_(without_first_bias(states_)),
      parameters_(parts.parameters),
      shift_(parts.shift.over(parameters_.narrow(0, weights_size(plans_), parts.shift.parameters().numel()))),
      guide_(parts.guide.over(parameters_.narrow(0, weights_size(plans_) + parts.shift.parameters().numel(),
                                                 parts.guide.parameters().numel()))),
      times_(waves(static_cast<int64_t>(guides_.size()), shape.frequencies, parameters_.options())) {}

ControlNet ControlNet::with(const Tensor& parameters) const {
  return {shape_, guides_, Parts{states_, shift_, guide_, parameters}};
}

Weights ControlNet::layers_in(const Tensor& flat, const Tensor& first_bias) const {
  Weights weights = weights_in(flat, plans_);
  weights.insert(weights.begin() + 1, first_bias);
  return weights;
}

Tensor ControlNet::guided(int64_t node, const Tensor& x, const Tensor& score) const {
  const PathGuide& guide = guides_[static_cast<size_t>(node)];
  if (guide.score == 0) return guide.state == 0 ? Tensor() : x * guide.state;
  return guide.state == 0 ? score * guide.score : (score * guide.score).add_(x, guide.state);
}

void ControlNet::begin(ControlTape& tape, bool each) const {
  torch::NoGradGuard no_grad;
  tape.shifts = shift_.forward(times_, tape.shift);
  tape.factors = guide_.forward(times_, tape.guide) + shape_.guide;
  tape.nodes.resize(each ? guides_.size() : 1);
  if (!each) return;
  tape.shift_gradient = torch::zeros_like(tape.shifts);
  tape.factor_gradient = torch::zeros_like(tape.factors);
  tape.state_gradient = torch::zeros({state_size()}, parameters_.options());
  tape.added = torch::empty_like(tape.state_gradient);
}

void ControlNet::forward(int64_t node, const Tensor& x, const Tensor& score, ControlTape& tape,
                         Tensor& control) const {
  torch::NoGradGuard no_grad;
  const Weights weights = layers_in(parameters_, tape.shifts.select(0, node));
  control.copy_(states_.forward(x / shape_.scale, weights, tape.nodes[slot(node, tape)]));
  const Tensor term = guided(node, x, score);
  if (term.defined()) control.addcmul_(term, tape.factors.select(0, node));
}

void ControlNet::backward(int64_t node, const Tensor& x, const Tensor& score, const Tensor& slope,
                          ControlTape& tape) const {
  torch::NoGradGuard no_grad;
  const Weights weights = layers_in(parameters_, tape.shifts.select(0, node));
  Weights gradients = layers_in(tape.added, tape.shift_gradient.select(0, node));
  states_.backward(slope, weights, tape.nodes[slot(node, tape)], gradients);
  tape.state_gradient.add_(tape.added);
  const Tensor term = guided(node, x, score);
  if (term.defined()) tape.factor_gradient.select(0, node).add_((slope * term).sum());
}

void ControlNet::add_input_gradient(int64_t node, const Tensor& slope, const ControlTape& tape, Tensor& in_x,
                                    Tensor& in_score) const {
  torch::NoGradGuard no_grad;
  const Weights weights = layers_in(parameters_, tape.shifts.select(0, node));
  in_x.add_(states_.input_gradient(weights, tape.nodes[slot(node, tape)]), 1 / shape_.scale);
  const PathGuide& guide = guides_[static_cast<size_t>(node)];
  const Tensor factor = tape.factors.select(0, node);
  if (guide.state != 0) in_x.addcmul_(slope, factor, guide.state);
  if (guide.score != 0) in_score.addcmul_(slope, factor, guide.score);
}

void ControlNet::finish(ControlTape& tape, Tensor& gradient) const {
  torch::NoGradGuard no_grad;
  const int64_t states = state_size(), shift = shift_.parameters().numel();
  gradient.narrow(0, 0, states).copy_(tape.state_gradient);
  Tensor of_shift = gradient.narrow(0, states, shift),
         of_guide = gradient.narrow(0, states + shift, guide_.parameters().numel());
  shift_.backward(tape.shift_gradient, tape.shift, of_shift);
  guide_.backward(tape.factor_gradient, tape.guide, of_guide);
}

}  // namespace samplerbench::samplers
