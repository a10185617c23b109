#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "core/tensor.h"

namespace samplerbench {

// A constant value made of tensors. Keeps a copy for every dtype and device that was asked for, so that hot
// paths convert nothing. Thread-safe.
template <class Value>
class Placed {
 public:
  // `make` gives the value in the dtype and on the device of its argument, outside any graph.
  explicit Placed(std::function<Value(const torch::TensorOptions&)> make) : make_(std::move(make)) {}

  // The value in that dtype and on that device. The reference is valid as long as this object lives.
  const Value& like(const torch::TensorOptions& options) const {
    const std::lock_guard lock(mutex_);
    for (const Copy& copy : copies_)
      if (copy.dtype == options.dtype() && copy.device == options.device()) return copy.value;
    torch::NoGradGuard no_grad;
    return copies_.emplace_back(options.dtype(), options.device(), make_(options)).value;
  }
  const Value& like(const Tensor& x) const { return like(x.options()); }

 private:
  struct Copy {
    Copy(caffe2::TypeMeta dtype, torch::Device device, Value value)
        : dtype(dtype), device(device), value(std::move(value)) {}

    caffe2::TypeMeta dtype;
    torch::Device device;
    Value value;
  };

  std::function<Value(const torch::TensorOptions&)> make_;
  mutable std::mutex mutex_;
  mutable std::deque<Copy> copies_;  // whose elements stay where they are
};

// One tensor.
class PlacedTensor : public Placed<Tensor> {
 public:
  explicit PlacedTensor(const Tensor& value)
      : Placed([value](const torch::TensorOptions& options) {
          return value.to(options.device(), c10::typeMetaToScalarType(options.dtype()));
        }) {}
};

}  // namespace samplerbench
