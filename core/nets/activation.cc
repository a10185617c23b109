#include "core/nets/activation.h"

#include <stdexcept>

#include "core/named.h"
#include "core/nets/fused_silu.h"

namespace samplerbench {
namespace {

constexpr double kSharpness = 10;  // beta of softplus10, log(1 + e^(beta x)) / beta
constexpr double kLinear = 20;     // a softplus is x where beta x is above this

}  // namespace

std::vector<std::string> activation_names() { return {"silu", "tanh", "relu", "softplus", "softplus10"}; }

Activation activation_named(const std::string& name) {
  return named<Activation>("activation", activation_names(), name);
}

Tensor activated(Activation activation, const Tensor& x) {
  switch (activation) {
    case Activation::silu:
      return at::silu(x);
    case Activation::tanh:
      return at::tanh(x);
    case Activation::relu:
      return at::relu(x);
    case Activation::softplus:
      return at::softplus(x);
    case Activation::softplus10:
      return at::softplus(x, kSharpness);
  }
  throw std::logic_error("unknown activation");
}

Activated activated_with_slope(Activation activation, const Tensor& x) {
  switch (activation) {
    case Activation::silu: {
      const Tensor sigmoid = x.sigmoid(), value = x * sigmoid;
      return {value, torch::addcmul(sigmoid, value, 1 - sigmoid)};
    }
    case Activation::tanh: {
      const Tensor value = x.tanh();
      return {value, 1 - value.square()};
    }
    case Activation::relu:
      return {x.relu(), (x > 0).to(x.scalar_type())};
    case Activation::softplus:
      return {at::softplus(x), x.sigmoid()};
    case Activation::softplus10:
      return {at::softplus(x, kSharpness), (kSharpness * x).sigmoid()};
  }
  throw std::logic_error("unknown activation");
}

CurvedActivated activated_with_curvature(Activation activation, const Tensor& x) {
  const auto [value, slope] = activated_with_slope(activation, x);
  switch (activation) {
    case Activation::silu: {
      const Tensor sigmoid = x.sigmoid();
      return {value, slope, sigmoid * (1 - sigmoid) * (2 + x * (1 - 2 * sigmoid))};
    }
    case Activation::tanh:
      return {value, slope, -2 * value * slope};
    case Activation::relu:
      return {value, slope, torch::zeros_like(x)};
    case Activation::softplus:
      return {value, slope, slope * (1 - slope)};
    case Activation::softplus10:
      return {value, slope, kSharpness * slope * (1 - slope)};
  }
  throw std::logic_error("unknown activation");
}

void activate_into(Activation activation, const Tensor& x, Tensor& out) {
  switch (activation) {
    case Activation::silu:
      at::silu_out(out, x);
      return;
    case Activation::tanh:
      at::tanh_out(out, x);
      return;
    case Activation::relu:
      at::clamp_min_out(out, x, 0);
      return;
    case Activation::softplus:
      at::softplus_out(out, x);
      return;
    case Activation::softplus10:
      at::softplus_out(out, x, kSharpness);
      return;
  }
}

void chain_activation(Activation activation, const Tensor& x, const Tensor& y, Tensor& slope) {
  if (activation == Activation::silu && fits_fused_silu(x)) return chain_silu(x, slope);
  switch (activation) {
    case Activation::silu:
      at::silu_backward_out(slope, slope, x);
      return;
    case Activation::tanh:
      at::tanh_backward_out(slope, slope, y);
      return;
    case Activation::relu:
      at::threshold_backward_out(slope, slope, x, 0);
      return;
    case Activation::softplus:
      at::softplus_backward_out(slope, slope, x, 1, kLinear);
      return;
    case Activation::softplus10:
      at::softplus_backward_out(slope, slope, x, kSharpness, kLinear);
      return;
  }
}

}  // namespace samplerbench
