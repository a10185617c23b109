#pragma once

#include <torch/types.h>

namespace samplerbench {

using torch::Tensor;

}  // namespace samplerbench
