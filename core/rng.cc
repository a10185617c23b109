#include "core/rng.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/DistributionsHelper.h>

namespace samplerbench {
namespace {

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that scatters neighbouring keys.
uint64_t mix(uint64_t key) {
  key += 0x9e3779b97f4a7c15ULL;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
  key = (key ^ (key >> 27)) * 0x94d049bb133111ebULL;
  return key ^ (key >> 31);
}

// From this size on, LibTorch fills a contiguous tensor with normals by another algorithm.
constexpr int64_t kNormalsAtOnce = 16;

// FNV-1a: the same on every platform, which std::hash is not.
uint64_t hash(std::string_view name) {
  uint64_t value = 0xcbf29ce484222325ULL;
  for (unsigned char c : name) value = (value ^ c) * 0x100000001b3ULL;
  return value;
}

}  // namespace

Rng::Rng(uint64_t seed) : Rng(FromKey{}, mix(seed)) {}

Rng Rng::split(std::string_view name) const { return {FromKey{}, mix(key_ ^ mix(hash(name)))}; }

Rng Rng::split(uint64_t index) const { return {FromKey{}, mix(key_ + mix(index ^ 0x5851f42d4c957f2dULL))}; }

at::Generator& Rng::generator(const torch::Device& device) {
  if (device.is_cpu()) {
    if (!host_.defined()) host_ = at::make_generator<at::CPUGeneratorImpl>(key_);
    return host_;
  }
  if (!accelerator_.defined()) {
    accelerator_ = at::globalContext().defaultGenerator(device).clone();
    accelerator_.set_current_seed(key_);
  }
  return accelerator_;
}

Tensor Rng::normal(at::IntArrayRef shape, const torch::TensorOptions& options) {
  return torch::randn(shape, generator(options.device()), options);
}

Tensor Rng::uniform(at::IntArrayRef shape, const torch::TensorOptions& options) {
  return torch::rand(shape, generator(options.device()), options);
}

Tensor Rng::integers(int64_t below, at::IntArrayRef shape, const torch::TensorOptions& options) {
  return torch::randint(below, shape, generator(options.device()), options.dtype(torch::kLong));
}

Tensor Rng::permutation(int64_t n) { return torch::randperm(n, generator(torch::kCPU), torch::kLong); }

void Rng::fill_normal(Tensor& out) { out.normal_(0, 1, generator(out.device())); }

void Rng::fill_uniform(Tensor& out) { out.uniform_(0, 1, generator(out.device())); }

template <class T>
void Rng::fill_normal(T* out, int64_t count) {
  if (count >= kNormalsAtOnce) {
    Tensor all = torch::from_blob(out, {count}, c10::CppTypeToScalarType<T>::value);
    return fill_normal(all);
  }
  auto* stream = at::check_generator<at::CPUGeneratorImpl>(generator(torch::kCPU));
  at::normal_distribution<double> normal(0, 1);
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<T>(normal(stream));
}

template <class T>
void Rng::fill_uniform(T* out, int64_t count) {
  auto* stream = at::check_generator<at::CPUGeneratorImpl>(generator(torch::kCPU));
  at::uniform_real_distribution<T> uniform(0, 1);
  for (int64_t i = 0; i < count; ++i) out[i] = static_cast<T>(uniform(stream));
}

double Rng::uniform() {
  double number = 0;
  fill_uniform(&number, 1);
  return number;
}

template void Rng::fill_normal(float*, int64_t);
template void Rng::fill_normal(double*, int64_t);
template void Rng::fill_uniform(float*, int64_t);
template void Rng::fill_uniform(double*, int64_t);

Tensor global_generator_state() { return at::globalContext().defaultGenerator(torch::kCPU).get_state(); }

ScopedGlobalSeed::ScopedGlobalSeed(uint64_t seed) : state_(global_generator_state()) {
  at::Generator generator = at::globalContext().defaultGenerator(torch::kCPU);
  generator.set_current_seed(seed);
}

ScopedGlobalSeed::~ScopedGlobalSeed() {
  at::Generator generator = at::globalContext().defaultGenerator(torch::kCPU);
  generator.set_state(state_);
}

}  // namespace samplerbench
