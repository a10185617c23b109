// A shared object that is loaded before the C library (LD_PRELOAD) and makes of it a system that does what
// real ones do now and then. HOSTILE_SYSTEM=jump: each look at the calendar finds it 15 months before or
// after the true time, in turn. HOSTILE_SYSTEM=N: a process makes N files and folders, and then there are no
// inodes left. HOSTILE_SYSTEM=tick: each look at the CPU seconds of a process finds a millisecond more, which
// real ones never do: tests know them then.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

namespace {

constexpr time_t kJump_s = 40'000'000;

const char* kind() {
  const char* const value = std::getenv("HOSTILE_SYSTEM");
  return value == nullptr ? "" : value;
}

bool jumps() { return std::strcmp(kind(), "jump") == 0; }

// How far the calendar is off now.
time_t offset() {
  static std::atomic<int> looks{0};
  return jumps() ? (looks++ % 2 == 0 ? kJump_s : -kJump_s) : 0;
}

bool ticks() { return std::strcmp(kind(), "tick") == 0; }

// The CPU seconds of this process at this look.
timespec ticked() {
  static std::atomic<long> looks{0};
  const long milliseconds = ++looks;
  timespec spent{};
  spent.tv_sec = milliseconds / 1000;
  spent.tv_nsec = milliseconds % 1000 * 1'000'000;
  return spent;
}

// Whether one more file can be made; it counts as made.
bool has_inode() {
  static std::atomic<int> made{0};
  return *kind() < '0' || *kind() > '9' || made++ < std::atoi(kind());
}

// The function of that name in the C library.
template <class Function>
Function* own(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  static auto* const real = own<int(clockid_t, timespec*)>("clock_gettime");
  const int code = real(clock, now);
  if (code == 0 && clock == CLOCK_REALTIME) now->tv_sec += offset();
  if (code == 0 && clock == CLOCK_PROCESS_CPUTIME_ID && ticks()) *now = ticked();
  return code;
}

time_t time(time_t* now) noexcept {
  static auto* const real = own<time_t(time_t*)>("time");
  const time_t found = real(nullptr) + offset();
  if (now != nullptr) *now = found;
  return found;
}

int open(const char* path, int flags, ...) {
  static auto* const real = own<int(const char*, int, ...)>("open");
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_CREAT) != 0 && !has_inode()) {
    errno = ENOSPC;
    return -1;
  }
  return real(path, flags, mode);
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const real = own<int(const char*, mode_t)>("mkdir");
  if (has_inode()) return real(path, mode);
  errno = ENOSPC;
  return -1;
}

}  // extern "C"
