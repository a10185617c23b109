#pragma once

#include <stdexcept>
#include <string>

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

// The first line of what `error` says: LibTorch's messages go on with a trace of the stack.
inline std::string brief(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace samplerbench
