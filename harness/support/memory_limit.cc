#include "harness/support/memory_limit.h"

#include <ATen/Parallel.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <dlfcn.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace samplerbench::harness {

namespace {

// A function of the BLAS in use; null where it has none of that name.
template <class Function>
Function* of_blas(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// Threads of OpenBLAS's own, which start whenever they like, and take one of its buffers each and keep it.
int own_threads_of_blas() {
  constexpr int kOwnThreads = 1;  // what openblas_get_parallel() says of a library that has such
  const auto parallel = of_blas<int()>("openblas_get_parallel");
  const auto processors = of_blas<int()>("openblas_get_num_procs");
  if (parallel == nullptr || processors == nullptr || parallel() != kOwnThreads) return 0;
  return processors() - 1;
}

// Makes OpenBLAS map `count` buffers, which it keeps for good.
void map_buffers_of_blas(int count) {
  const auto allocate = of_blas<void*(int)>("blas_memory_alloc");
  const auto release = of_blas<void(void*)>("blas_memory_free");
  if (allocate == nullptr || release == nullptr) return;
  std::vector<void*> buffers;
  for (int i = 0; i < count; ++i) buffers.push_back(allocate(0));
  for (void* buffer : buffers) release(buffer);
}

}  // namespace

MemoryLimit::MemoryLimit(int64_t mib) {
  std::ifstream status("/proc/self/status");
  int64_t mapped_kib = 0;
  for (std::string word; status >> word;)
    if (word == "VmData:") status >> mapped_kib;
  getrlimit(RLIMIT_DATA, &before_);
  rlimit limit = before_;
  limit.rlim_cur = static_cast<rlim_t>(mapped_kib) * 1024 + static_cast<rlim_t>(mib) * 1024 * 1024;
  setrlimit(RLIMIT_DATA, &limit);
}

MemoryLimit::~MemoryLimit() { setrlimit(RLIMIT_DATA, &before_); }

void warm_up_blas(int threads) {
  const auto multiply = [](int64_t size) {
    for (const auto dtype : {torch::kFloat, torch::kDouble})
      at::mm(at::ones({size, size}, dtype), at::ones({size, size}, dtype));
  };
  multiply(256);
  map_buffers_of_blas(threads + own_threads_of_blas());
  at::parallel_for(0, threads, 1, [&](int64_t, int64_t) { multiply(16); });
}

}  // namespace samplerbench::harness
