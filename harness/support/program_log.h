#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/support/descriptor.h"

namespace samplerbench::harness {

// What a program prints: a file of its first MiB, and its last line. A program that prints nothing leaves no
// file. A file that cannot be written is done without.
class ProgramLog {
 public:
  // A file of an earlier attempt is removed. Where the path is empty, no file is written.
  explicit ProgramLog(std::filesystem::path file);

  void take(std::string_view text);

  // The last line that is not blank, cut after 200 bytes and fit for a message; empty where there is none.
  std::string last_line() const;

 private:
  void write(std::string_view text);

  std::filesystem::path file_;
  Descriptor open_;
  int64_t written_ = 0;
  std::string tail_;  // the last of what was printed
};

}  // namespace samplerbench::harness
