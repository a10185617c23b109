#pragma once

#include <string>
#include <string_view>

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

// The floating-point dtype that a spec, a record or a message names: float64, or else float32.
inline torch::ScalarType dtype_named(std::string_view word) {
  return word == "float64" ? torch::kDouble : torch::kFloat;
}

}  // namespace samplerbench
