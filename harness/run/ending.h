#pragma once

#include <exception>
#include <string>

#include "harness/records/end_line.h"
#include "harness/records/limits.h"

namespace samplerbench::harness {

// How a job ended, and why.
struct Ending {
  Status status = Status::error;
  std::string reason;
};

// Whether memory is exhausted, whichever exception the allocator threw.
bool is_out_of_memory(const std::exception& error);

// What the exception that is being handled makes of a job. Rethrows it where it concerns the record itself.
Ending ending_of(const std::exception& error, const Limits& limits);

// The last line of a job that began at `started` (steady_seconds).
EndLine end_line(const Ending& ending, double started);

}  // namespace samplerbench::harness
