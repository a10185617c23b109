#pragma once

#include <string>
#include <vector>

#include "core/tensor.h"

namespace samplerbench::samplers {

enum class Activation { silu, tanh, relu, softplus };

// Throws InputError for a name that activation_names() does not hold.
Activation activation_named(const std::string& name);
std::vector<std::string> activation_names();

// Element by element, differentiable in x to any order.
Tensor activated(Activation activation, const Tensor& x);

}  // namespace samplerbench::samplers
