#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include "harness/run/context.h"
#include "tests/perf/support/instruction_sets.h"

namespace samplerbench::testing {

std::string blas_core() {
  const auto name = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return name ? name() : "unknown";
}

}  // namespace samplerbench::testing

// Of every program here: one thread, and a head that says what rows without an instruction set of their own
// ran on.
int main(int argc, char** argv) {
  using namespace samplerbench::testing;
  at::set_num_threads(1);
  benchmark::AddCustomContext("instruction set",
                              instruction_set_name(hwy::SupportedAndGeneratedTargets()[0]));
  benchmark::AddCustomContext("LibTorch", TORCH_VERSION);
  benchmark::AddCustomContext("BLAS", samplerbench::harness::blas_name());
  benchmark::AddCustomContext("BLAS core", blas_core());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
