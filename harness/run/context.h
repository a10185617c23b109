#pragma once

#include <string>

#include "core/json.h"

namespace samplerbench::harness {

// Where and with what a run was made: program, git commit, compiler, build, LibTorch, BLAS, processor, cores,
// UTC time.
Json machine_context();

// "OpenBLAS 0.3.21 ... " as the library calls itself, or "unknown BLAS".
std::string blas_name();

// Measured rate of a 512 x 512 float32 matrix product on one thread, in GFLOP/s.
double blas_rate();

// The present time as 2026-01-31T12:00:00Z.
std::string utc_now();

// Largest resident memory of this process so far, MiB.
double peak_memory_mib();

}  // namespace samplerbench::harness
