#include "samplers/diffusion/control_net.h"

#include <utility>

namespace samplerbench::samplers {
namespace {

constexpr double kSlowest = 0.1, kFastest = 100;  // frequencies of time, in radians over a path

// The sines and cosines of all frequencies at these times: [M] -> [M, 2 F], float64.
Tensor waves_at(const Tensor& times, int64_t frequencies) {
  const Tensor phase =
      torch::outer(times, torch::linspace(kSlowest, kFastest, frequencies, torch::kDouble));
  return torch::cat({phase.sin(), phase.cos()}, 1);
}

// Those at the times 0, 1 / K, ..., 1: [K + 1, 2 F].
Tensor waves_of_path(size_t nodes, int64_t frequencies) {
  return waves_at(torch::linspace(0, 1, static_cast<int64_t>(nodes), torch::kDouble), frequencies);
}

// Those of the times and of the lengths of steps: [M, 4 F].
Tensor waves_of(const std::vector<ControlNode>& nodes, int64_t frequencies) {
  std::vector<double> times, lengths;
  for (const ControlNode& node : nodes) {
    times.push_back(node.time);
    lengths.push_back(node.length);
  }
  return torch::cat({waves_at(torch::tensor(times, torch::kDouble), frequencies),
                     waves_at(torch::tensor(lengths, torch::kDouble), frequencies)},
                    1);
}

std::vector<PathGuide> guides_of(const std::vector<ControlNode>& nodes) {
  std::vector<PathGuide> guides;
  for (const ControlNode& node : nodes) guides.push_back(node.guide);
  return guides;
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

ControlNet::Parts ControlNet::first_parts(const ControlNetShape& shape, int64_t waves, Rng& rng,
                                          const torch::TensorOptions& placement) {
  const DenseLayers states(dense_widths(shape.dim, shape.width, shape.depth, shape.dim), Activation::silu);
  const Tensor weights = first_weights(without_first_bias(states), rng, placement);
  Perceptron shift({waves, shape.width, shape.width}, Activation::silu, rng, placement);
  shift.open(1, rng);
  Perceptron guide({waves, shape.width, 1}, Activation::silu, rng, placement);
  const Tensor parameters = torch::cat({weights, shift.parameters(), guide.parameters()});
  return {states, shift, guide, parameters};
}

ControlNet::ControlNet(const ControlNetShape& shape, const std::vector<PathGuide>& guides, Rng& rng,
                       const torch::TensorOptions& placement)
    : ControlNet(shape, guides, waves_of_path(guides.size(), shape.frequencies),
                 first_parts(shape, 2 * shape.frequencies, rng, placement)) {}

ControlNet::ControlNet(const ControlNetShape& shape, const std::vector<ControlNode>& nodes, Rng& rng,
                       const torch::TensorOptions& placement)
    : ControlNet(shape, guides_of(nodes), waves_of(nodes, shape.frequencies),
                 first_parts(shape, 4 * shape.frequencies, rng, placement)) {}

ControlNet::ControlNet(const ControlNetShape& shape, std::vector<PathGuide> guides, const Tensor& waves,
                       const Parts& parts)
    : shape_(shape),
      guides_(std::move(guides)),
      states_(parts.states),
      plans_(without_first_bias(states_)),
      parameters_(parts.parameters),
      shift_(parts.shift.over(parameters_.narrow(0, weights_size(plans_), parts.shift.parameters().numel()))),
      guide_(parts.guide.over(parameters_.narrow(0, weights_size(plans_) + parts.shift.parameters().numel(),
                                                 parts.guide.parameters().numel()))),
      waves_(waves.to(parameters_.options())) {}

ControlNet ControlNet::with(const Tensor& parameters) const {
  return {shape_, guides_, waves_, Parts{states_, shift_, guide_, parameters}};
}

ControlNet ControlNet::at(const std::vector<ControlNode>& nodes) const {
  return {shape_, guides_of(nodes), waves_of(nodes, shape_.frequencies),
          Parts{states_, shift_, guide_, parameters_}};
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
  tape.shifts = shift_.forward(waves_, tape.shift);
  tape.factors = guide_.forward(waves_, tape.guide) + shape_.guide;
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

DenseLayers::Jet ControlNet::jet(int64_t node, const Tensor& x, const Tensor& score, const Tensor& directions,
                                 const Tensor& score_slopes) const {
  const Tensor waves = waves_.narrow(0, node, 1);
  const Weights weights = layers_in(parameters_, shift_.forward(waves).select(0, 0));
  const Tensor factor = guide_.forward(waves) + shape_.guide;  // [1, 1]
  DenseLayers::Jet jet = states_.jet(x / shape_.scale, directions / shape_.scale, weights);
  const PathGuide& guide = guides_[static_cast<size_t>(node)];
  const Tensor term = guided(node, x, score);
  if (term.defined()) jet.value = jet.value + factor * term;
  if (guide.state != 0) jet.derivative = jet.derivative + factor * guide.state * directions;
  if (guide.score != 0 && score_slopes.defined())
    jet.derivative = jet.derivative + factor * guide.score * score_slopes;
  return jet;
}

}  // namespace samplerbench::samplers
