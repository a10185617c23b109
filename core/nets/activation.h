#pragma once

#include <string>
#include <vector>

#include "core/tensor.h"

namespace samplerbench {

// softplus10: log(1 + e^(10 x)) / 10, a smooth rectifier with a second derivative of at most 2.5.
enum class Activation { silu, tanh, relu, softplus, softplus10 };

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

// The same with the second derivative in x too.
struct CurvedActivated {
  Tensor value;
  Tensor slope;
  Tensor curvature;
};
CurvedActivated activated_with_curvature(Activation activation, const Tensor& x);

// out <- activation(x), outside any graph; `out` may be x.
void activate_into(Activation activation, const Tensor& x, Tensor& out);

// slope <- slope * activation'(x), outside any graph, where `y` = activation(x).
void chain_activation(Activation activation, const Tensor& x, const Tensor& y, Tensor& slope);

}  // namespace samplerbench
