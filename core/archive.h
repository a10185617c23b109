#pragma once

#include <map>
#include <string>

#include "core/tensor.h"

namespace samplerbench {

// Named tensors of a trained sampler. Stored as a pickle of a dictionary, which Python's torch.load reads
// too.
class Archive {
 public:
  void put(const std::string& name, const Tensor& value);

  // Throws InputError where there is no such tensor.
  Tensor get(const std::string& name) const;

  // Copies that tensor into `into`. Throws InputError where there is none, or one of another shape.
  void restore(const std::string& name, Tensor& into) const;

  std::string serialise() const;

  // Throws InputError, which names `source`, for bytes that are not an archive.
  static Archive parse(const std::string& bytes, const std::string& source);

 private:
  std::map<std::string, Tensor> tensors_;
};

}  // namespace samplerbench
