#include "targets/flow/flow_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/suggest.h"
#include "targets/flow/flow_layers.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMostFlowLayers = 1000;
constexpr int64_t kMostFlowWidth = 1'000'000;
constexpr int64_t kMostFlowDepth = 32;

void require_flow_size(const char* what, int64_t size, int64_t least, int64_t most) {
  if (size < least || size > most)
    throw InputError(fmt::format("{} = {} makes no flow: from {} to {} is valid", what, size, least, most));
}

void require_flow_sizes(const FlowShape& shape) {
  if (std::find(flow_kinds().begin(), flow_kinds().end(), shape.kind) == flow_kinds().end())
    throw InputError(unknown_name("flow network", shape.kind, flow_kinds()));
  const bool coupling = shape.kind == "coupling";
  require_flow_size("dim", shape.dim, coupling ? 2 : 1, kMostFlowWidth);
  if (coupling) {
    require_flow_size("blocks", shape.blocks, 1, kMostFlowLayers);
    require_flow_size("width", shape.width, 1, kMostFlowWidth);
    require_flow_size("depth", shape.depth, 1, kMostFlowDepth);
  } else {
    require_flow_size("layers", shape.layers, 1, kMostFlowLayers);
  }
  if (!(shape.pixel_alpha >= 0) || !std::isfinite(shape.pixel_alpha))
    throw InputError(
        fmt::format("pixel_alpha = {} makes no flow: a number of 0 or more is valid", shape.pixel_alpha));
}

std::vector<std::unique_ptr<FlowLayer>> flow_layers_of(const FlowShape& shape) {
  std::vector<std::unique_ptr<FlowLayer>> layers;
  if (shape.pixel_alpha > 0) layers.push_back(pixel_logit_layer(shape.dim, shape.pixel_alpha));
  if (shape.kind == "dense") {
    for (int64_t l = 0; l < shape.layers; ++l) {
      if (l > 0) layers.push_back(smooth_leaky_relu_layer());
      layers.push_back(linear_layer(shape.dim, LinearStart::negative_identity));
    }
    return layers;
  }
  for (int64_t block = 0; block < shape.blocks; ++block) {
    layers.push_back(linear_layer(shape.dim, LinearStart::rotation));
    layers.push_back(coupling_layer(shape.dim, block % 2 == 0, shape.width, shape.depth));
    layers.push_back(actnorm_layer(shape.dim));
  }
  layers.push_back(linear_layer(shape.dim, LinearStart::rotation));
  return layers;
}

// grad log q in the value of each layer, the last layer's first, and at the end in x.
std::vector<Tensor> scores_through(const std::vector<FlowStep>& steps) {
  std::vector<Tensor> scores{-steps.back().y};
  for (size_t i = steps.size(); i-- > 0;) scores.push_back(steps[i].pulled_back(scores.back()));
  return scores;
}

// v' (grad^2 log q) v: that of log N(u; 0, I) along the direction that v has become in u, and what each layer
// bends, given the scores of scores_through().
Tensor curvature_along(Tensor v, const std::vector<FlowStep>& steps, const std::vector<Tensor>& scores) {
  Tensor bends = torch::zeros({v.size(0)}, v.options());
  for (size_t i = 0; i < steps.size(); ++i) {
    const FlowTangent tangent = steps[i].along(v);
    if (tangent.bend) bends = bends + tangent.bend(scores[steps.size() - 1 - i]);
    v = tangent.y;
  }
  return bends - v.square().sum(1);
}

}  // namespace

OptionTable coupling_options() {
  const FlowShape shape;
  return {Option::integer("blocks", shape.blocks, "blocks of a linear layer, a coupling and an actnorm")
              .at_least(1)
              .at_most(100),
          Option::integer("width", shape.width, "hidden units a layer of the two nets of a coupling")
              .at_least(1),
          Option::integer("depth", shape.depth, "hidden layers of the two nets of a coupling")
              .at_least(1)
              .at_most(32)};
}

const std::vector<std::string>& flow_kinds() {
  static const std::vector<std::string> names{"dense", "coupling"};
  return names;
}

FlowInverse::FlowInverse(std::vector<FlowMap> maps, int64_t dim, const torch::TensorOptions& placement)
    : maps_(std::move(maps)), dim_(dim), placement_(placement) {}

Tensor FlowInverse::points_at(const Tensor& u) const {
  torch::NoGradGuard no_grad;
  Tensor x = u;
  for (const FlowMap& map : maps_) x = map(x);
  return x;
}

Tensor FlowInverse::draw(int64_t n, Rng& rng) const { return points_at(rng.normal({n, dim_}, placement_)); }

FlowNetwork::FlowNetwork(FlowShape shape) : shape_(std::move(shape)) {
  require_flow_sizes(shape_);
  for (std::unique_ptr<FlowLayer>& layer : flow_layers_of(shape_)) {
    const WeightPlans own = layer->plans();
    parts_.push_back({std::move(layer), plans_.size(), own.size()});
    plans_.insert(plans_.end(), own.begin(), own.end());
  }
}

Tensor FlowNetwork::initial_weights(Rng& rng, const torch::TensorOptions& placement) const {
  torch::NoGradGuard no_grad;
  Tensor flat = first_weights(plans_, rng, placement);
  const Weights weights = unflatten(flat);
  for (const Part& part : parts_) part.layer->begin(of(part, weights), rng);
  return flat;
}

Tensor FlowNetwork::latents(const Tensor& x, const Weights& weights) const {
  return forward(x, weights, /*for_score=*/false).back().y;
}

Tensor FlowNetwork::energy(const Tensor& x, const Weights& weights) const {
  return -minus_energy(forward(x, weights, /*for_score=*/false));
}

Tensor FlowNetwork::score(const Tensor& x, const Weights& weights) const {
  return scores_through(forward(x, weights, /*for_score=*/true)).back();
}

FlowNetwork::CurvedScore FlowNetwork::curved_score(const Tensor& x, const Tensor& directions,
                                                   const Weights& weights) const {
  const std::vector<FlowStep> steps = forward(x, weights, /*for_score=*/true);
  const std::vector<Tensor> scores = scores_through(steps);
  Tensor sum = torch::zeros({x.size(0)}, x.options());
  for (int64_t k = 0; k < directions.size(0); ++k) sum = sum + curvature_along(directions[k], steps, scores);
  return {scores.back(), sum / directions.size(0)};
}

Tensor FlowNetwork::log_determinant(const Weights& weights) const {
  Tensor sum;
  for (const Part& part : parts_)
    if (const Tensor one = part.layer->log_determinant(of(part, weights)); one.defined())
      sum = sum.defined() ? sum + one : one;
  return sum;
}

Tensor FlowNetwork::log_density(const Tensor& x, const Weights& weights) const {
  return log_determinant(weights) - energy(x, weights);
}

ValueAndScore FlowNetwork::value_and_score(const Tensor& x, const Weights& weights) const {
  torch::NoGradGuard no_grad;
  const std::vector<FlowStep> steps = forward(x, weights, /*for_score=*/true);
  return {minus_energy(steps), scores_through(steps).back()};
}

FlowInverse FlowNetwork::inverse(const Weights& weights) const {
  std::vector<FlowMap> maps;
  for (size_t i = parts_.size(); i-- > 0;) maps.push_back(parts_[i].layer->inverse(of(parts_[i], weights)));
  return {std::move(maps), dim(), weights.front().options()};
}

Weights FlowNetwork::of(const Part& part, const Weights& weights) {
  const auto first = weights.begin() + static_cast<std::ptrdiff_t>(part.first);
  return Weights(first, first + static_cast<std::ptrdiff_t>(part.count));
}

std::vector<FlowStep> FlowNetwork::forward(const Tensor& x, const Weights& weights, bool for_score) const {
  std::vector<FlowStep> steps;
  steps.reserve(parts_.size());
  for (const Part& part : parts_) {
    const Tensor input = steps.empty() ? x : steps.back().y;
    steps.push_back(part.layer->step(input, of(part, weights), for_score));
  }
  return steps;
}

Tensor FlowNetwork::minus_energy(const std::vector<FlowStep>& steps) const {
  const double constant = -0.5 * static_cast<double>(dim()) * std::log(2 * std::numbers::pi);
  Tensor value = steps.back().y.square().sum(1) * -0.5 + constant;
  for (const FlowStep& step : steps)
    if (step.log_slope) value = value + step.log_slope();
  return value;
}

}  // namespace samplerbench::targets
