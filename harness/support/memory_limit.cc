#include "harness/support/memory_limit.h"

#include <ATen/Parallel.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>

#include <fstream>
#include <string>

#include "core/tensor.h"

namespace samplerbench::harness {

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
  at::parallel_for(0, threads, 1, [&](int64_t, int64_t) { multiply(16); });
}

}  // namespace samplerbench::harness
