#pragma once

#include <stdexcept>

namespace samplerbench {

// The caller's mistake: the message names what was given and what would be valid. Ends the program with
// code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A sampler's state or loss stopped being finite. Ends a run as `diverged`; its earlier checkpoints stay.
class Diverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace samplerbench
