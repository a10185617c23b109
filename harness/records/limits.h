#pragma once

#include <cstdint>
#include <tuple>

#include "core/fields.h"

namespace samplerbench::harness {

// What ends a run from outside.
struct Limits {
  double time_s = 3600;
  int64_t memory_mib = 4096;

  static auto fields() {
    return std::tuple{field("time_s", &Limits::time_s), field("memory_mib", &Limits::memory_mib)};
  }
};

}  // namespace samplerbench::harness
