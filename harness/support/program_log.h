#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/support/descriptor.h"

namespace samplerbench::harness {

// What a program prints: a file of its first MiB, and its last words. A program that prints nothing leaves no
// file. A file that cannot be written is done without.
class ProgramLog {
 public:
  // A file of an earlier attempt is removed. Where the path is empty, no file is written.
  explicit ProgramLog(std::filesystem::path file);

  void take(std::string_view text);

  // What it said at its end, cut after 200 bytes and fit for a message: of an exception that ended a program
  // in Python or C++, the line that says what was wrong; else the last line that is not blank. Empty where
  // there is none.
  std::string last_words() const;

 private:
  void write(std::string_view text);

  std::filesystem::path file_;
  Descriptor open_;
  int64_t written_ = 0;
  std::string tail_;  // the last of what was printed
};

}  // namespace samplerbench::harness
