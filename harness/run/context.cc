#include "harness/run/context.h"

#include <ATen/Parallel.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <dlfcn.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <torch/version.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "core/tensor.h"
#include "harness/support/clock.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

// The value of `key` in a file of "key : value" lines such as those of /proc.
std::string field_of_file(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const size_t colon = line.find(':');
    const size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "unknown";
}

std::string system_name() {
  utsname name{};
  return uname(&name) == 0 ? fmt::format("{} {}", name.sysname, name.release) : "unknown";
}

}  // namespace

std::string blas_name() {
  using GetConfig = char* (*)();
  if (const auto openblas = reinterpret_cast<GetConfig>(dlsym(RTLD_DEFAULT, "openblas_get_config")))
    return openblas();
  if (dlsym(RTLD_DEFAULT, "MKL_Get_Version") != nullptr) return "MKL";
  return "unknown BLAS";
}

double blas_rate() {
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Tensor a = at::ones({512, 512});
  at::mm(a, a);
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = steady_seconds();
    at::mm(a, a);
    best = std::min(best, steady_seconds() - start);
  }
  at::set_num_threads(threads);
  return 2 * 512.0 * 512.0 * 512.0 / best * 1e-9;
}

std::string utc_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

double peak_memory_mib() {
  const std::string text = field_of_file("/proc/self/status", "VmHWM");
  return text == "unknown" ? 0 : std::stod(text) / 1024;
}

Json machine_context() {
  return {{"program", version},
          {"git", git_commit},
          {"compiler", fmt::format("GCC {}", __VERSION__)},
          {"build", build_type},
          {"libtorch", TORCH_VERSION},
          {"blas", blas_name()},
          {"cpu", field_of_file("/proc/cpuinfo", "model name")},
          {"cores", std::thread::hardware_concurrency()},
          {"system", system_name()},
          {"utc", utc_now()}};
}

}  // namespace samplerbench::harness
