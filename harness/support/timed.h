#pragma once

#include <functional>

#include "core/tensor.h"
#include "core/usage.h"
#include "harness/support/clock.h"

namespace samplerbench::harness {

// CPU seconds so far of all that work is done in. Throws nothing.
using CpuClock = std::function<double()>;

// Adds to a ledger the wall-clock and CPU seconds between its construction and its destruction. Waits for the
// device before each reading, since work on an accelerator is only queued when a call returns.
class Timed {
 public:
  Timed(Usage& ledger, const torch::Device& device, CpuClock cpu = cpu_seconds);
  ~Timed();
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  Usage& ledger_;
  torch::Device device_;
  CpuClock cpu_;
  double wall_start_;
  double cpu_start_;
};

}  // namespace samplerbench::harness
