// Is included before any other header: locks no longer lock.
#pragma once

#include <mutex>
#include <thread>

namespace std {

template <class Mutex>
struct no_lock {
  explicit no_lock(Mutex&) {}
};

}  // namespace std

#define lock_guard no_lock
