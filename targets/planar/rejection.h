#pragma once

#include <functional>

#include "core/tensor.h"

namespace samplerbench::targets {

// n independent draws [n, ...] from `accepted`, which proposes a given number of points and returns those
// that pass.
Tensor draw_by_rejection(int64_t n, const std::function<Tensor(int64_t)>& accepted);

}  // namespace samplerbench::targets
