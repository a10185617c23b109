#include "core/nets/activation.h"

#include <stdexcept>

#include "core/named.h"
#include "core/nets/fused_silu.h"

namespace samplerbench {

std::vector<std::string> activation_names() { return {"silu", "tanh", "relu", "softplus"}; }

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
      at::softplus_backward_out(slope, slope, x, 1, 20);
      return;
  }
}

}  // namespace samplerbench
