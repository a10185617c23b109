#pragma once

#include "core/tensor.h"
#include "core/usage.h"

namespace samplerbench::harness {

// Adds the wall-clock and process CPU seconds of its own life to a ledger. Waits for the device before each
// reading, since work on an accelerator is only queued when a call returns.
class Timed {
 public:
  Timed(Usage& ledger, const torch::Device& device);
  ~Timed();
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  Usage& ledger_;
  torch::Device device_;
  double wall_start_;
  double cpu_start_;
};

// Seconds of the steady clock.
double steady_seconds();

}  // namespace samplerbench::harness
