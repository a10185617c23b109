#pragma once

namespace samplerbench::harness {

// Seconds of the steady clock.
double steady_seconds();

// CPU seconds of this process, all threads together.
double cpu_seconds();

}  // namespace samplerbench::harness
