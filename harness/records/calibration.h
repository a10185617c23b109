#pragma once

#include <tuple>

#include "core/fields.h"

namespace samplerbench::harness {

// How fast a machine is: CPU seconds of a fixed mix of work on one thread, the best of several measurements.
struct Calibration {
  double matrix_s = 0;  // float32 matrix products
  double small_s = 0;   // tensor operations on a few numbers, and scalar arithmetic
  double memory_s = 0;  // copies far larger than the caches

  double seconds() const { return matrix_s + small_s + memory_s; }

  static auto fields() {
    return std::tuple{field("matrix_s", &Calibration::matrix_s), field("small_s", &Calibration::small_s),
                      field("memory_s", &Calibration::memory_s)};
  }
};

}  // namespace samplerbench::harness
