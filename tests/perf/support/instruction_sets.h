#pragma once

#include <benchmark/benchmark.h>

#include <string>

#include "tests/instruction_sets.h"

namespace samplerbench::testing {

// Registers the benchmark `name`/SET for each instruction set that this machine has, with its kernels on it.
template <class Run>
void benchmark_every_set(const std::string& name, benchmark::TimeUnit unit, const Run& run) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets())
    benchmark::RegisterBenchmark((name + "/" + instruction_set_name(target)).c_str(),
                                 [=](benchmark::State& state) {
                                   const InstructionSet chosen(target);
                                   run(state);
                                 })
        ->Unit(unit);
}

// The processor that OpenBLAS has chosen its products for ("Haswell" has AVX2, "SkylakeX" AVX-512), or
// "unknown". The environment's OPENBLAS_CORETYPE chooses another.
std::string blas_core();

}  // namespace samplerbench::testing
