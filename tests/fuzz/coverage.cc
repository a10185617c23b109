// What GCC's -fsanitize-coverage=trace-pc calls in each block, in the counters that libFuzzer reads: GCC has
// no counters of its own. Clang has them, but in C++20 it refuses headers of LibTorch 1.13.
#include <array>
#include <cstddef>
#include <cstdint>

extern "C" void __sanitizer_cov_8bit_counters_init(uint8_t* begin, uint8_t* end);

namespace {

constexpr size_t kCounters = size_t{1} << 16;
alignas(64) std::array<uint8_t, kCounters> counters;

// Before libFuzzer's main(), which takes no counters later.
[[gnu::constructor, gnu::no_sanitize_coverage]] void announce() {
  __sanitizer_cov_8bit_counters_init(counters.data(), counters.data() + kCounters);
}

}  // namespace

// Blocks share a counter where their hashes are equal (Fibonacci hashing).
extern "C" [[gnu::no_sanitize_coverage, gnu::no_sanitize("address", "undefined")]] void
__sanitizer_cov_trace_pc() {
  const auto block = reinterpret_cast<uintptr_t>(__builtin_return_address(0));
  ++counters.data()[(block * 0x9E3779B97F4A7C15U) >> 48U];
}

// GCC tells libFuzzer of comparisons of floating-point numbers, of which it learns nothing.
extern "C" [[gnu::no_sanitize_coverage]] void __sanitizer_cov_trace_cmpf(float, float) {}
extern "C" [[gnu::no_sanitize_coverage]] void __sanitizer_cov_trace_cmpd(double, double) {}
