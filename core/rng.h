#pragma once

#include <cstdint>
#include <string_view>

#include "core/tensor.h"

namespace samplerbench {

// A named stream of random numbers. A split does not advance the parent. A stream therefore depends on its
// path of names alone, and a new consumer changes no other numbers (common random numbers across samplers).
// Each device has its own generator. The global generator is not used.
class Rng {
 public:
  explicit Rng(uint64_t seed);
  Rng(const Rng&) = delete;
  Rng& operator=(const Rng&) = delete;
  Rng(Rng&&) = default;
  Rng& operator=(Rng&&) = default;

  // The child stream called `name` (or numbered `index`), at its beginning.
  Rng split(std::string_view name) const;
  Rng split(uint64_t index) const;

  Tensor normal(at::IntArrayRef shape, const torch::TensorOptions& options);
  Tensor uniform(at::IntArrayRef shape, const torch::TensorOptions& options);  // [0, 1)
  Tensor integers(int64_t below, at::IntArrayRef shape,
                  const torch::TensorOptions& options);  // int64 in [0, below)
  Tensor permutation(int64_t n);                         // [n] int64, on the CPU

  // Fill `out` in place and allocate nothing, for hot loops.
  void fill_normal(Tensor& out);
  void fill_uniform(Tensor& out);

  // The same into `count` numbers of a plain buffer: the numbers, and the stream after them, are those of a
  // contiguous tensor on the CPU. T: float or double.
  template <class T>
  void fill_normal(T* out, int64_t count);
  template <class T>
  void fill_uniform(T* out, int64_t count);

  // One number in [0, 1): that of uniform({1}, torch::kDouble).
  double uniform();

  // The 64-bit key of this stream. It seeds other generators, such as ScopedGlobalSeed.
  uint64_t key() const { return key_; }

 private:
  struct FromKey {};
  Rng(FromKey, uint64_t key) : key_(key) {}
  at::Generator& generator(const torch::Device& device);

  uint64_t key_;
  at::Generator host_;
  at::Generator accelerator_;
};

// The state of LibTorch's global generator of the CPU, which changes as soon as a number is taken from it.
Tensor global_generator_state();

// Seeds LibTorch's global generators for a scope and restores them at its end. torch::nn initialises its
// parameters from the global generator only.
class ScopedGlobalSeed {
 public:
  explicit ScopedGlobalSeed(uint64_t seed);
  ~ScopedGlobalSeed();
  ScopedGlobalSeed(const ScopedGlobalSeed&) = delete;
  ScopedGlobalSeed& operator=(const ScopedGlobalSeed&) = delete;

 private:
  Tensor state_;
};

}  // namespace samplerbench
