#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace samplerbench::harness {

// While it exists, allocating more than `mib` beyond what the program itself has mapped fails. Call
// warm_up_blas() before.
class MemoryLimit {
 public:
  explicit MemoryLimit(int64_t mib);
  ~MemoryLimit();
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
};

// The first call of a BLAS takes memory for itself, and OpenBLAS tries for ever where it gets none. So it is
// called on every thread before memory is limited.
void warm_up_blas(int threads);

}  // namespace samplerbench::harness
