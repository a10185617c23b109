#pragma once

#include <string>
#include <vector>

#include "core/tensor.h"

namespace samplerbench {

enum class Activation { silu, tanh, relu, softplus };

// Throws InputError for a name that activation_names() does not hold.
Activation activation_named(const std::string& name);
std::vector<std::string> activation_names();

// Element by element, differentiable in x to any order.
Tensor activated(Activation activation, const Tensor& x);

// The same with its derivative in x, differentiable both.
struct Activated {
  Tensor value;
  Tensor slope;
};
Activated activated_with_slope(Activation activation, const Tensor& x);

// out <- activation(x), outside any graph; `out` may be x.
void activate_into(Activation activation, const Tensor& x, Tensor& out);

// slope <- slope * activation'(x), outside any graph, where `y` = activation(x).
void chain_activation(Activation activation, const Tensor& x, const Tensor& y, Tensor& slope);

}  // namespace samplerbench
