#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/options.h"
#include "targets/flow/flow_layer.h"
#include "targets/target.h"

namespace samplerbench::targets {

// What a flow is made of, except its weights.
struct FlowShape {
  std::string kind = "coupling";  // of flow_kinds()
  int64_t dim = 2;                // D; coupling: at least 2
  int64_t layers = 2;             // dense: linear layers
  int64_t blocks = 8;             // coupling: blocks
  int64_t width = 64;             // coupling: units of a hidden layer
  int64_t depth = 2;              // coupling: hidden layers
  double pixel_alpha = 0;         // above 0: the points are grey levels, which pixel_logit_layer prepares

  bool operator==(const FlowShape&) const = default;
};

// blocks, width and depth of a coupling flow, with the defaults of FlowShape.
OptionTable coupling_options();

// dense and coupling
const std::vector<std::string>& flow_kinds();

// The inverse of a flow at fixed weights, outside any graph. Matrices are factorised once, when it is made.
// It is valid until the weights change.
class FlowInverse {
 public:
  // `maps`: the inverses of the layers, the last layer's first.
  FlowInverse(std::vector<FlowMap> maps, int64_t dim, const torch::TensorOptions& placement);

  // The x of each u: [N, D] -> [N, D].
  Tensor points_at(const Tensor& u) const;

  // n independent draws of the law whose density the flow has: [n, D].
  Tensor draw(int64_t n, Rng& rng) const;

 private:
  std::vector<FlowMap> maps_;
  int64_t dim_;
  torch::TensorOptions placement_;
};

// A normalising flow u = g(x), u ~ N(0, I), taken as an energy (Chao et al., arXiv 2305.15267): with S_l the
// layers whose Jacobian does not depend on x and S_n the others,
//   E(x) = -log N(g(x); 0, I) - sum over S_n of log |det J|,   log Z = -sum over S_l of log |det J|.
// Its layers, from x to u:
//   dense     linear, then `layers` - 1 times a smooth leaky ReLU and linear
//   coupling  `blocks` times linear, affine coupling, actnorm; then linear. The couplings change the last and
//             the first coordinates in turn
// The object holds no weights; all arguments share one dtype and device; rows are independent.
class FlowNetwork {
 public:
  // Throws InputError for an unknown kind and for impossible sizes.
  explicit FlowNetwork(FlowShape shape);

  const FlowShape& shape() const { return shape_; }
  int64_t dim() const { return shape_.dim; }
  const WeightPlans& plans() const { return plans_; }
  int64_t parameters() const { return weights_size(plans_); }  // P

  // The weights as views of `flat`, [P].
  Weights unflatten(const Tensor& flat) const { return weights_in(flat, plans_); }

  // Random weights to begin with, [P]. A new dense flow has W = -I and b = 1, as released; a new coupling
  // flow is a rotation.
  Tensor initial_weights(Rng& rng, const torch::TensorOptions& placement) const;

  // g(x): [N, D] -> [N, D], differentiable in x and in the weights to any order, as are the next five.
  Tensor latents(const Tensor& x, const Weights& weights) const;

  // E(x): [N, D] -> [N].
  Tensor energy(const Tensor& x, const Weights& weights) const;

  // -grad E(x): [N, D] -> [N, D]. It is written out, so that a loss of it takes first derivatives alone.
  Tensor score(const Tensor& x, const Weights& weights) const;

  // The same with v' (grad s) v, s the score, a mean over K `directions` v, [K, N, D].
  struct CurvedScore {
    Tensor score;      // [N, D]
    Tensor curvature;  // [N]
  };
  CurvedScore curved_score(const Tensor& x, const Tensor& directions, const Weights& weights) const;

  // -log Z: [].
  Tensor log_determinant(const Weights& weights) const;

  // -E(x) - log Z: [N, D] -> [N].
  Tensor log_density(const Tensor& x, const Weights& weights) const;

  // -E(x) and its gradient in one pass, outside any graph.
  ValueAndScore value_and_score(const Tensor& x, const Weights& weights) const;

  // Throws Diverged where a matrix has no inverse.
  FlowInverse inverse(const Weights& weights) const;

 private:
  struct Part {
    std::unique_ptr<FlowLayer> layer;
    size_t first, count;  // of its weights among all
  };

  static Weights of(const Part& part, const Weights& weights);
  std::vector<FlowStep> forward(const Tensor& x, const Weights& weights, bool for_score) const;
  Tensor minus_energy(const std::vector<FlowStep>& steps) const;

  FlowShape shape_;
  std::vector<Part> parts_;
  WeightPlans plans_;
};

}  // namespace samplerbench::targets
