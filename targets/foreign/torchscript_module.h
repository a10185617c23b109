#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "core/rng.h"
#include "core/tensor.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// A user's TorchScript module, in evaluation mode, whose parameters take no gradient. It runs in the dtype
// and on the device of what it is given: each gets a copy, made once, whose floating tensors are converted
// and whose other tensors keep their dtype. Thread-safe.
class TorchscriptModule {
 public:
  // Reads the file `name`. Throws InputError, which names the file and says what would be valid, where it is
  // no TorchScript module, where its SHA-256 is not vouched for, where this LibTorch lacks one of its
  // operators, and where it has no method `forward(self, x: Tensor) -> Tensor`.
  TorchscriptModule(const std::string& name, const DataFiles& files);
  ~TorchscriptModule();
  TorchscriptModule(const TorchscriptModule&) = delete;
  TorchscriptModule& operator=(const TorchscriptModule&) = delete;

  // The file as messages show it.
  const std::string& source() const;

  // SHA-256 of the file, as 64 hexadecimal digits.
  const std::string& hash() const;

  // The dtype of its first floating tensor; nothing where it has none.
  std::optional<torch::ScalarType> stored_as() const;

  // An attribute of that name; nothing where there is none. Throws InputError where it is no whole number, or
  // no finite number, of `least` or more.
  std::optional<int64_t> integer(const std::string& name, int64_t least) const;
  std::optional<double> real(const std::string& name,
                             double least = -std::numeric_limits<double>::infinity()) const;

  // The same of one that must be there.
  int64_t needed_integer(const std::string& name, int64_t least) const;

  // Whether it has a method `sample(self, n: int) -> Tensor`. Throws InputError for another of that name.
  bool has_sample() const;

  // forward(x): differentiable in x, as far as its operators are. Throws std::runtime_error "FILE: CAUSE".
  Tensor forward(const Tensor& x) const;

  // sample(n) as the module was saved, on the CPU in float64 and without a graph. Its random numbers are of
  // LibTorch's global generator. Throws as forward does.
  Tensor sample(int64_t n) const;

  // Throws InputError where forward(x), x [N, K], fails in float32 or in float64, or returns something else
  // than these sizes in the dtype of x; a size of -1 stands for any. `valid` says what would be right.
  void require_forward(const Tensor& x, at::IntArrayRef sizes, const std::string& valid) const;

 private:
  struct Loaded;

  // What is wrong with forward(x); empty where nothing is.
  std::string fault(const Tensor& x, at::IntArrayRef sizes) const;

  std::unique_ptr<const Loaded> loaded_;
};

// The next number of the stream, to seed LibTorch's global generator with, of which TorchScript draws.
uint64_t next_seed(Rng& rng);

}  // namespace samplerbench::targets
