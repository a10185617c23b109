#pragma once

#include <cstdint>

// Compiles a function for several x86 instruction sets and picks one when the program loads, so that a binary
// built for any machine still uses wide vectors. Nothing elsewhere, nor under the address sanitizer, which
// runs too late for the loader's choice.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SAMPLERBENCH_WIDE_VECTORS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SAMPLERBENCH_WIDE_VECTORS
#endif

// The functions below use the compiler's own bit cast: a call of std::bit_cast is not inlined into such a
// version.
namespace samplerbench::metrics {

// 1 / sqrt(x) for normal x > 0, to two units in the last place; finite at 0, so x * inverse_sqrt(x) is
// sqrt(x) there too. Without a branch, a call or errno, so that loops over it become vector instructions: a
// guess from the exponent's bits, then four steps of Newton.
[[gnu::always_inline]] inline double inverse_sqrt(double x) {
  double y = __builtin_bit_cast(double, 0x5fe6eb50c7b537a9ULL - (__builtin_bit_cast(uint64_t, x) >> 1));
  const double half = 0.5 * x;
  for (int step = 0; step < 4; ++step) y *= 1.5 - half * y * y;
  return y;
}

// exp(x) for x <= 0, to two units in the last place; below -708 it stays at exp(-708). Vectorises as above:
// x = n log 2 + r, a polynomial (Taylor) in r, and n added to the exponent's bits.
[[gnu::always_inline]] inline double exp_of_nonpositive(double x) {
  // The limit as a minimum of integers, which order as magnitudes do: a comparison of doubles becomes a
  // branch.
  constexpr int64_t magnitude_bits = 0x7fffffffffffffff, limit = __builtin_bit_cast(int64_t, 708.0);
  const int64_t magnitude = __builtin_bit_cast(int64_t, x) & magnitude_bits;
  x = -__builtin_bit_cast(double, magnitude < limit ? magnitude : limit);
  constexpr double round_to_integer = 0x1.8p52;
  const double shifted = x * 1.4426950408889634 + round_to_integer;
  const double n = shifted - round_to_integer;
  const double r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return p * __builtin_bit_cast(double, (__builtin_bit_cast(uint64_t, shifted) + 1023) << 52);
}

}  // namespace samplerbench::metrics
