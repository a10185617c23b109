#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/instruction_sets.h"

// Tests of kernels: each runs on every instruction set that this machine has, beside a plain loop in long
// double.
namespace samplerbench::testing {

// Calls check() once for each instruction set; a failure names it.
template <class Check>
void on_every_instruction_set(const Check& check) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(instruction_set_name(target));
    const InstructionSet chosen(target);
    check();
  }
}

// Whether `value` is within `units` roundings of its type of `exact`, relative to |exact| or to `scale` where
// that is larger. 0 stands for every number that is hardly normal. NaN is close to NaN alone, an infinity to
// itself.
template <class T>
bool is_close(T value, long double exact, double units, long double scale = 0) {
  using Limits = std::numeric_limits<T>;
  if (std::isnan(exact)) return std::isnan(value);
  if (std::isinf(exact)) return value == static_cast<T>(exact);
  if (value == 0 && std::abs(exact) < 2 * static_cast<long double>(Limits::min())) return true;
  return std::abs(value - exact) <= units * Limits::epsilon() * std::max(scale, std::abs(exact));
}

// Numbers of elements on both sides of every vector's end.
inline std::vector<int64_t> vector_counts() {
  return {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 511, 512, 513, 1030};
}

}  // namespace samplerbench::testing
