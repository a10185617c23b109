#include "samplers/neural/activation.h"

#include <stdexcept>

#include "samplers/neural/named.h"

namespace samplerbench::samplers {

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

}  // namespace samplerbench::samplers
