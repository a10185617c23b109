#include "harness/support/memory_limit.h"

#include <ATen/Parallel.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "harness/support/blas.h"

namespace samplerbench::harness {
namespace {

// Threads of OpenBLAS's own, which start whenever they like, and take one of its buffers each and keep it.
int own_threads_of_blas() {
  const auto processors = of_blas<int()>("openblas_get_num_procs");
  return processors != nullptr && blas_has_own_threads() ? processors() - 1 : 0;
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
