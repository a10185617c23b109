#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

class Target;

// The family of densities q(x | c) of which a target is the member at one condition c, such as the posteriors
// of one model over all data sets. For samplers that learn all members at once.
struct Family {
  Tensor condition;  // [C] float64: the c of this member

  // n -> [n, C] float64: independent conditions from the law by which data bring them.
  std::function<Tensor(int64_t, Rng&)> draw_conditions;

  // Conditions [M, C] -> a density of x, [N, D] with N a multiple of M: the first N / M rows are at the first
  // condition, and so on. It is known up to a constant for each condition.
  std::function<std::unique_ptr<Target>(const Tensor&)> at;
};

}  // namespace samplerbench::targets
