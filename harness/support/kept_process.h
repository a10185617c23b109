#pragma once

#include <signal.h>
#include <sys/types.h>

#include <functional>
#include <optional>

#include "harness/support/child_process.h"

namespace samplerbench::harness {

// In which a batch system that ends a job signals all its processes.
inline constexpr double kSignalSpread_s = 0.5;

// How a kept process ended.
struct KeptEnd : ChildEnd {
  bool timed_out = false;
};

// What stops a kept process before its own end.
enum class StoppedBy {
  parent,    // SIGTERM, which this process also gets when its parent ends
  terminal,  // SIGINT, SIGHUP and SIGTERM, but for those that this process ignores
};

// A fork of this process that does one piece of work. This process keeps it: ends it in time or when it is
// asked to stop, and then ends whatever the work has started. For one object in a process.
class KeptProcess {
 public:
  // From here on this process blocks the signals that it waits for.
  explicit KeptProcess(StoppedBy stopped_by);
  KeptProcess(const KeptProcess&) = delete;
  KeptProcess& operator=(const KeptProcess&) = delete;

  // Carries out `work` in a process group of its own, until `deadline` (steady_seconds) at most, and returns
  // how that process ended when all processes below this one are gone. Returns nothing where this process was
  // asked to stop. `work` may not throw, and what it leaves in the buffers of standard output is its own to
  // write. Throws std::system_error where no process can be started.
  std::optional<KeptEnd> carry_out(const std::function<void()>& work, double deadline);

 private:
  void start(const std::function<void()>& work);
  [[noreturn]] void become(const std::function<void()>& work, pid_t keeper) const noexcept;
  std::optional<KeptEnd> watch(double deadline) const;
  std::optional<KeptEnd> unless_asked(const ChildEnd& end) const;
  bool asked_within(double seconds) const;
  int next_signal(double seconds) const;

  StoppedBy stopped_by_;
  sigset_t signals_{};
  sigset_t before_{};  // the signals that were blocked before
  pid_t process_ = -1;
};

}  // namespace samplerbench::harness
