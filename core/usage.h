#pragma once

#include <atomic>
#include <cstdint>

#include "core/json.h"

namespace samplerbench {

// Work done, per point: a batch of N points at which the score is evaluated counts N.
struct Usage {
  int64_t steps = 0;
  int64_t density = 0;         // log densities
  int64_t score = 0;           // gradients of the log density
  int64_t hessian_vector = 0;  // Hessian-vector products of the log density
  double data_passes = 0;      // passes over the target's whole data set, per point; 0 where it has none
  double wall_s = 0;           // steady clock, seconds
  double cpu_s = 0;            // process CPU time, seconds
};

Json to_json(const Usage& usage);

// The counters that a metered target writes to. Atomic, since autograd may run hooks on a thread of its own.
struct Meter {
  std::atomic<int64_t> density{0};
  std::atomic<int64_t> score{0};
  std::atomic<int64_t> hessian_vector{0};
  std::atomic<double> data_passes{0};
};

}  // namespace samplerbench
