#pragma once

#include <functional>

#include "core/tensor.h"

namespace samplerbench::targets {

// Calls `accepted` until it has n independent draws [n, ...]. `accepted` proposes the given number of points
// and returns those that pass.
Tensor draw_by_rejection(int64_t n, const std::function<Tensor(int64_t)>& accepted);

}  // namespace samplerbench::targets
