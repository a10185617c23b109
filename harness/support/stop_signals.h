#pragma once

#include <signal.h>

namespace samplerbench::harness {

// While an object of this class exists, SIGINT and SIGTERM set a flag instead of ending the program. Only one
// at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Whether a signal has come since.
  bool asked() const;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

}  // namespace samplerbench::harness
