#pragma once

#include <stdexcept>
#include <string>

namespace samplerbench {

// The caller made a mistake. The message says what was given and what is valid. The program ends with code 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A sampler's state or loss is no longer finite. The run ends as `diverged` and keeps its earlier
// checkpoints.
class Diverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The first line of the message. LibTorch adds a stack trace to its messages.
inline std::string brief(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace samplerbench
