#pragma once

#include <stdexcept>
#include <string>

#include "harness/records/end_line.h"

namespace samplerbench::harness {

// Thrown when the reference posterior that a run is judged on is not there. The run is skipped, and made
// later.
class NoReference : public std::runtime_error {
 public:
  explicit NoReference(const std::string& why);
};

// Whether a run ended because its reference posterior was missing.
bool lacks_reference(const EndLine& end);

}  // namespace samplerbench::harness
