#pragma once

#include <map>
#include <string>

#include "core/tensor.h"

namespace samplerbench {

// Named tensors of a trained sampler or model, kept in the safetensors format.
class Archive {
 public:
  void put(const std::string& name, const Tensor& value);

  bool has(const std::string& name) const { return tensors_.contains(name); }

  // Throws InputError if there is no such tensor.
  Tensor get(const std::string& name) const;

  // Copies the tensor into `into`. Throws InputError if there is none or its shape differs.
  void restore(const std::string& name, Tensor& into) const;

  std::string serialise() const;

  // Reads safetensors, and the pickles that models were published as before, by their SHA-256. Throws
  // InputError for other bytes; the message names `source`.
  static Archive parse(const std::string& bytes, const std::string& source);

 private:
  std::map<std::string, Tensor> tensors_;
};

}  // namespace samplerbench
