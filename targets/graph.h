#pragma once

#include "core/tensor.h"

namespace samplerbench::targets {

// Whether what is made of x becomes part of an autograd graph.
inline bool is_in_graph(const Tensor& x) { return x.requires_grad() && torch::GradMode::is_enabled(); }

// Whether the numbers of x can be read from plain buffers of float or double.
inline bool has_plain_numbers(const Tensor& x) {
  return x.is_cpu() && (x.scalar_type() == torch::kFloat || x.scalar_type() == torch::kDouble);
}

}  // namespace samplerbench::targets
