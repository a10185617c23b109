#include "harness/run/context.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/ops/add.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ones.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <hwy/targets.h>
#include <sys/utsname.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <thread>

#include "core/tensor.h"
#include "harness/support/blas.h"
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

// Of the kernels on this processor, by its usual name: Highway calls AVX-512 "AVX3".
std::string instruction_set() {
  const int64_t best = hwy::SupportedAndGeneratedTargets().front();
  return best == HWY_AVX3 ? "AVX-512" : hwy::TargetName(best);
}

// While it exists, tensors are worked on by one thread.
class OneThread {
 public:
  OneThread() { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_ = at::get_num_threads();
};

// CPU seconds of one call.
template <class Work>
double seconds_of(const Work& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

// The work of one measurement, some milliseconds of each kind.
class FixedMix {
 public:
  Calibration measure() {
    return {.matrix_s = seconds_of([&] { multiply(); }),
            .small_s = seconds_of([&] { do_small_things(); }),
            .memory_s = seconds_of([&] { copy_.copy_(source_); })};
  }

 private:
  void multiply() const {
    for (int i = 0; i < 2; ++i) at::mm(square_, square_);
    for (int i = 0; i < 5; ++i) at::mm(tall_, weights_);
  }

  void do_small_things() {
    Tensor state = few_;
    for (int i = 0; i < 1500; ++i) state = at::add(at::mul(state, 0.5), few_);
    for (int i = 0; i < 150000; ++i) number_ = std::sin(number_) + 1;
  }

  const Tensor square_ = at::ones({384, 384}), tall_ = at::ones({4096, 64}), weights_ = at::ones({64, 64});
  const Tensor few_ = at::ones({8});
  const Tensor source_ = at::ones({int64_t{8} << 20});  // 32 MiB
  Tensor copy_ = at::ones({int64_t{8} << 20});
  volatile double number_ = 0;
};

}  // namespace

void set_threads(int threads) {
  at::set_num_threads(threads);
  const auto set = of_blas<void(int)>("openblas_set_num_threads");
  if (set != nullptr && blas_has_own_threads()) set(threads);
}

std::string blas_name() {
  if (const auto config = of_blas<char*()>("openblas_get_config")) return config();
  if (at::hasMKL()) return at::get_mkl_version();
  if (of_blas<void()>("MKL_Get_Version") != nullptr) return "MKL";
  return "unknown BLAS";
}

double blas_rate() {
  const OneThread alone;
  const Tensor a = at::ones({512, 512});
  at::mm(a, a);
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double start = steady_seconds();
    at::mm(a, a);
    best = std::min(best, steady_seconds() - start);
  }
  return 2 * 512.0 * 512.0 * 512.0 / best * 1e-9;
}

Calibration calibrate() {
  constexpr int kRounds = 12;  // kinds take turns, so that other work does not slow all rounds of one
  const OneThread alone;
  FixedMix mix;
  mix.measure();  // fills caches
  Calibration best = mix.measure();
  for (int round = 1; round < kRounds; ++round) {
    const Calibration one = mix.measure();
    best = {.matrix_s = std::min(best.matrix_s, one.matrix_s),
            .small_s = std::min(best.small_s, one.small_s),
            .memory_s = std::min(best.memory_s, one.memory_s)};
  }
  return best;
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
          {"instruction_set", instruction_set()},
          {"cores", std::thread::hardware_concurrency()},
          {"system", system_name()},
          {"utc", utc_now()}};
}

}  // namespace samplerbench::harness
