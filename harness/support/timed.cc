#include "harness/support/timed.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include "harness/support/clock.h"

namespace samplerbench::harness {
namespace {

void synchronise(const torch::Device& device) {
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl guard(device.type());
  guard.getStream(device).synchronize();
}

}  // namespace

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
