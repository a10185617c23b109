#include "harness/support/timed.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <utility>

namespace samplerbench::harness {
namespace {

void synchronise(const torch::Device& device) {
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl guard(device.type());
  guard.getStream(device).synchronize();
}

}  // namespace

Timed::Timed(Usage& ledger, const torch::Device& device, CpuClock cpu)
    : ledger_(ledger), device_(device), cpu_(std::move(cpu)) {
  synchronise(device_);
  cpu_start_ = cpu_();
  wall_start_ = steady_seconds();
}

Timed::~Timed() {
  synchronise(device_);
  ledger_.wall_s += steady_seconds() - wall_start_;
  ledger_.cpu_s += cpu_() - cpu_start_;
}

}  // namespace samplerbench::harness
