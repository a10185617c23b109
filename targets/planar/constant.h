#pragma once

#include <mutex>

#include "core/tensor.h"

namespace samplerbench::targets {

// A small fixed tensor of a formula, kept in both precisions so that hot paths convert nothing.
class Constant {
 public:
  // `value`: float64, on the CPU.
  explicit Constant(const Tensor& value) : double_(value), float_(value.to(torch::kFloat32)) {}

  // The constant in the dtype and on the device of `x`.
  Tensor like(const Tensor& x) const {
    if (x.is_cpu() && x.scalar_type() == torch::kFloat32) return float_;
    if (x.is_cpu() && x.scalar_type() == torch::kFloat64) return double_;
    const std::lock_guard lock(mutex_);
    if (!other_.defined() || other_.device() != x.device() || other_.scalar_type() != x.scalar_type())
      other_ = double_.to(x.device(), x.scalar_type());
    return other_;
  }

 private:
  Tensor double_;
  Tensor float_;
  mutable std::mutex mutex_;
  mutable Tensor other_;  // on an accelerator, kept from the last call
};

}  // namespace samplerbench::targets
