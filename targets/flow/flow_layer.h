#pragma once

#include <functional>

#include "core/nets/weights.h"

namespace samplerbench::targets {

// From points to points: [N, D] -> [N, D].
using FlowMap = std::function<Tensor(const Tensor&)>;

// A layer along directions v of the points x that it is at, one direction a point.
struct FlowTangent {
  Tensor y;  // dy/dx v: [N, D]

  // The second derivative along v of g'y + log |det dy/dx|, where g, [N, D], does not depend on x: -> [N].
  // Empty where it is 0.
  std::function<Tensor(const Tensor& g)> bend = {};
};

// The value of a layer at points, and functions that give the rest where it is asked for. They are valid as
// long as the layer.
struct FlowStep {
  Tensor y;  // [N, D]

  // log |det dy/dx|: -> [N]. Empty where it does not depend on x.
  std::function<Tensor()> log_slope = {};

  // The gradient in x of v(y(x)) + log |det dy/dx|, from that of v in y. Empty where the step was not asked
  // for scores.
  FlowMap pulled_back = {};

  // The layer along v, [N, D]. Empty where the step was not asked for scores.
  std::function<FlowTangent(const Tensor& v)> along = {};
};

// An invertible map of R^D, as a function of points and of the layer's own weights. The object holds no
// weights. All arguments share one dtype and device. Rows are independent. What it returns is differentiable
// in the points and in the weights to any order, except the inverse, which is outside any graph.
class FlowLayer {
 public:
  virtual ~FlowLayer() = default;

  // Shapes of the weights, in order; none where it has none.
  virtual WeightPlans plans() const = 0;

  // Writes the weights to begin with where the plans do not say them.
  virtual void begin(const Weights& /*weights*/, Rng& /*rng*/) const {}

  // The layer at x, [N, D]. `for_score` says whether pulled_back and along are needed.
  virtual FlowStep step(const Tensor& x, const Weights& weights, bool for_score) const = 0;

  // log |det dy/dx| where it does not depend on x: []. Undefined where it does.
  virtual Tensor log_determinant(const Weights& /*weights*/) const { return {}; }

  // The inverse at these weights, for as many points as wanted: what does not depend on the points is done
  // here, once. Valid until the weights change. Throws Diverged where there is no inverse.
  virtual FlowMap inverse(const Weights& weights) const = 0;
};

}  // namespace samplerbench::targets
