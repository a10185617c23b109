#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "core/tensor.h"

namespace samplerbench {

// A function of a tensor that keeps its value for the last tensor that it was given, until that tensor is
// written to. Tensors of other identity are others, whatever numbers they hold. Not thread-safe.
template <class Out>
class Remembered {
 public:
  explicit Remembered(std::function<Out(const Tensor&)> f) : f_(std::move(f)) {}

  // f(x). The reference is valid until the next call.
  const Out& operator()(const Tensor& x) {
    if (x.is_inference() || !x_.is_same(x) || version_ != x._version()) {
      x_ = Tensor();
      out_ = f_(x);
      x_ = x;
      version_ = x.is_inference() ? 0 : x._version();
    }
    return out_;
  }

 private:
  std::function<Out(const Tensor&)> f_;
  Tensor x_;
  int64_t version_ = 0;
  Out out_;
};

}  // namespace samplerbench
