#pragma once

#include <stdexcept>
#include <string>

#include "harness/records/status.h"

namespace samplerbench::harness {

// Thrown where a user's program does not do its part of a run. The message is one line.
class ProgramFailed : public std::runtime_error {
 public:
  ProgramFailed(Status status, const std::string& reason) : std::runtime_error(reason), status_(status) {}

  // How the run ends.
  Status status() const { return status_; }

 private:
  Status status_;
};

}  // namespace samplerbench::harness
