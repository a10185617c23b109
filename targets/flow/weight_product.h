#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

enum class Side { as_it_is, transposed };

// x W, or x W', of points x [N, D] and a matrix of weights, differentiable to any order. Where W is a leaf of
// the graph that has a gradient already, a first-order backward pass adds W's share to it by the product
// itself, and returns none for W: no other tensor of W's size is made, filled and added, which would take as
// long as the product where there are few points.
Tensor weight_product(const Tensor& x, const Tensor& weight, Side side);

}  // namespace samplerbench::targets
