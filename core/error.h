#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

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

// Of a text with a trace, by Python or by TorchScript, the line after the last one that says what was wrong:
// "ValueError: why". Empty where there is no trace.
std::string traced_error(std::string_view text);

// The line of a message that tells most: its traced_error(), or else the first that is not blank, without
// blanks around it. LibTorch begins some messages with a trace of TorchScript or an empty line, and ends some
// with a trace of C++.
std::string telling_line(std::string_view text);

// The telling line of what the exception says.
std::string brief(const std::exception& error);

}  // namespace samplerbench
