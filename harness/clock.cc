#include "harness/clock.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <chrono>
#include <ctime>

namespace samplerbench::harness {
namespace {

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void synchronise(const torch::Device& device) {
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl guard(device.type());
  guard.getStream(device).synchronize();
}

}  // namespace

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Timed::Timed(Usage& ledger, const torch::Device& device) : ledger_(ledger), device_(device) {
  synchronise(device_);
  cpu_start_ = cpu_seconds();
  wall_start_ = steady_seconds();
}

Timed::~Timed() {
  synchronise(device_);
  ledger_.wall_s += steady_seconds() - wall_start_;
  ledger_.cpu_s += cpu_seconds() - cpu_start_;
}

}  // namespace samplerbench::harness
