#include "core/error.h"
#include "targets/flow/flow_layers.h"
#include "targets/flow/weight_product.h"
#include "targets/random_rotation.h"

namespace samplerbench::targets {
namespace {

class LinearLayer final : public FlowLayer {
 public:
  LinearLayer(int64_t dim, LinearStart start) : dim_(dim), start_(start) {}

  WeightPlans plans() const override {
    const WeightPlan matrix{{dim_, dim_}}, bias{{dim_}};
    return {matrix, bias};
  }

  void begin(const Weights& weights, Rng& rng) const override {
    if (start_ == LinearStart::rotation) {
      weights[0].copy_(random_rotation(dim_, rng));
    } else {
      weights[0].zero_().fill_diagonal_(-1);
      weights[1].fill_(1);
    }
  }

  FlowStep step(const Tensor& x, const Weights& weights, bool) const override {
    const Tensor& matrix = weights[0];
    return {
        .y = weight_product(x, matrix, Side::transposed) + weights[1],
        .pulled_back = [matrix](const Tensor& g) { return weight_product(g, matrix, Side::as_it_is); },
        .along = [matrix](const Tensor& v) {
          return FlowTangent{.y = weight_product(v, matrix, Side::transposed)};
        }};
  }

  Tensor log_determinant(const Weights& weights) const override {
    return std::get<1>(at::linalg_slogdet(weights[0]));
  }

  FlowMap inverse(const Weights& weights) const override {
    torch::NoGradGuard no_grad;
    const auto [factors, pivots, fault] = at::linalg_lu_factor_ex(weights[0]);
    if (fault.item<int64_t>() != 0) throw Diverged("a matrix of the flow has no inverse");
    // X of X W' = Y - b.
    return [factors = factors, pivots = pivots, bias = weights[1]](const Tensor& y) {
      return at::linalg_lu_solve(factors, pivots, y - bias, /*left=*/false, /*adjoint=*/true);
    };
  }

 private:
  int64_t dim_;
  LinearStart start_;
};

class ActnormLayer final : public FlowLayer {
 public:
  explicit ActnormLayer(int64_t dim) : dim_(dim) {}

  WeightPlans plans() const override {
    const WeightPlan log_scale{{dim_}}, bias{{dim_}};
    return {log_scale, bias};
  }

  FlowStep step(const Tensor& x, const Weights& weights, bool) const override {
    const Tensor scale = weights[0].exp();
    return {.y = torch::addcmul(weights[1], x, scale),
            .pulled_back = [scale](const Tensor& g) { return g * scale; },
            .along = [scale](const Tensor& v) { return FlowTangent{.y = v * scale}; }};
  }

  Tensor log_determinant(const Weights& weights) const override { return weights[0].sum(); }

  FlowMap inverse(const Weights& weights) const override {
    return [log_scale = weights[0], bias = weights[1]](const Tensor& y) {
      return (y - bias) * (-log_scale).exp();
    };
  }

 private:
  int64_t dim_;
};

}  // namespace

std::unique_ptr<FlowLayer> linear_layer(int64_t dim, LinearStart start) {
  return std::make_unique<LinearLayer>(dim, start);
}

std::unique_ptr<FlowLayer> actnorm_layer(int64_t dim) { return std::make_unique<ActnormLayer>(dim); }

}  // namespace samplerbench::targets
