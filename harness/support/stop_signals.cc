#include "harness/support/stop_signals.h"

namespace samplerbench::harness {
namespace {

volatile sig_atomic_t stop_asked = 0;

}  // namespace

StopSignals::StopSignals() {
  stop_asked = 0;
  struct sigaction action {};
  action.sa_handler = [](int) { stop_asked = 1; };
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

bool StopSignals::asked() const { return stop_asked != 0; }

}  // namespace samplerbench::harness
