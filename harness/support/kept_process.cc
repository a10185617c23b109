#include "harness/support/kept_process.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <system_error>

#include "harness/support/clock.h"

namespace samplerbench::harness {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

KeptProcess::KeptProcess(StoppedBy stopped_by) : stopped_by_(stopped_by) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGCHLD);
  if (stopped_by == StoppedBy::parent) sigaddset(&signals_, SIGTERM);
  if (stopped_by == StoppedBy::terminal)
    for (const int signal : {SIGINT, SIGHUP, SIGTERM})
      if (!is_ignored(signal)) sigaddset(&signals_, signal);
  ::sigprocmask(SIG_BLOCK, &signals_, &before_);
  if (stopped_by == StoppedBy::parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

std::optional<KeptEnd> KeptProcess::carry_out(const std::function<void()>& work, double deadline) {
  adopt_descendants();
  start(work);
  const std::optional<KeptEnd> end = watch(deadline);
  kill_descendants();
  return end;
}

void KeptProcess::start(const std::function<void()>& work) {
  const pid_t keeper = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw std::system_error(errno, std::generic_category(), "cannot start a process");
  if (process_ == 0) become(work, keeper);
  ::setpgid(process_, process_);
}

// In the new process.
void KeptProcess::become(const std::function<void()>& work, pid_t keeper) const noexcept {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != keeper) ::_exit(0);
  // Some terminals stop a process of the background that writes to them.
  if (stopped_by_ == StoppedBy::terminal) ::signal(SIGTTOU, SIG_IGN);
  ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  work();
  std::fflush(nullptr);
  ::_exit(0);  // whatever threads it leaves behind
}

// Nothing where this process is asked to stop.
std::optional<KeptEnd> KeptProcess::watch(double deadline) const {
  while (true) {
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == process_) return unless_asked(ChildEnd::of_status(status));
    const double left_s = deadline - steady_seconds();
    if (left_s <= 0) return KeptEnd{{}, true};
    if (asked_within(std::min(left_s, 1.0))) return std::nullopt;
  }
}

// Nothing where a batch system ends all processes, the kept one before this: then that did not crash.
std::optional<KeptEnd> KeptProcess::unless_asked(const ChildEnd& end) const {
  const bool from_outside = end.signal == SIGTERM || end.signal == SIGKILL;
  for (const double ended = steady_seconds(); from_outside && steady_seconds() < ended + kSignalSpread_s;)
    if (asked_within(kSignalSpread_s)) return std::nullopt;
  return KeptEnd{end, false};
}

// Whether the next signal, within `seconds`, asks this process to stop.
bool KeptProcess::asked_within(double seconds) const {
  const int signal = next_signal(seconds);
  return signal > 0 && signal != SIGCHLD;
}

// The next one that this process waits for, or -1 after `seconds`.
int KeptProcess::next_signal(double seconds) const {
  const timespec time{.tv_sec = static_cast<time_t>(seconds),
                      .tv_nsec = static_cast<long>(std::fmod(seconds, 1.0) * 1e9)};
  return ::sigtimedwait(&signals_, nullptr, &time);
}

}  // namespace samplerbench::harness
