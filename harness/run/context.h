#pragma once

#include <string>

#include "core/json.h"
#include "harness/records/calibration.h"

namespace samplerbench::harness {

// Where and with what a run was made: program, git commit, compiler, build, LibTorch, BLAS, processor,
// instruction set of the kernels, cores, UTC time.
Json machine_context();

// Lets LibTorch, OpenMP and OpenBLAS work on so many threads: OpenBLAS built with threads of its own does not
// listen to OpenMP.
void set_threads(int threads);

// As the library calls itself, such as "OpenBLAS 0.3.21 ... " or "Intel(R) oneAPI Math Kernel Library ...";
// "unknown BLAS" where it does not say.
std::string blas_name();

// Measured rate of a 512 x 512 float32 matrix product on one thread, in GFLOP/s.
double blas_rate();

// How fast this machine is on one thread: takes about 0.3 CPU seconds and 64 MiB.
Calibration calibrate();

// The present time as 2026-01-31T12:00:00Z.
std::string utc_now();

// Largest resident memory of this process so far, MiB.
double peak_memory_mib();

}  // namespace samplerbench::harness
