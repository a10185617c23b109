#pragma once

#include "core/tensor.h"
#include "core/usage.h"

namespace samplerbench::harness {

// Adds to a ledger the wall-clock and process CPU seconds between its construction and its destruction. Waits
// for the device before each reading, since work on an accelerator is only queued when a call returns.
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

}  // namespace samplerbench::harness
