#pragma once

#include <string>

#include "core/tensor.h"

namespace samplerbench {

// "float32", "int64"; LibTorch's own word for a dtype that the suite has no use for.
inline std::string dtype_words(torch::ScalarType dtype) {
  switch (dtype) {
    case torch::kFloat:
      return "float32";
    case torch::kDouble:
      return "float64";
    case torch::kLong:
      return "int64";
    case torch::kInt:
      return "int32";
    default:
      return c10::toString(dtype);
  }
}

}  // namespace samplerbench
