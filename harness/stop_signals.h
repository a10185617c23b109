#pragma once

#include <signal.h>

namespace samplerbench::harness {

// While it lives, SIGINT and SIGTERM ask for a clean end instead of ending the program. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Whether one came since this was made.
  bool asked() const;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

}  // namespace samplerbench::harness
