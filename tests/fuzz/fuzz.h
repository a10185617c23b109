#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/printable.h"
#include "tests/harness/process.h"

// A reader under bytes that nobody wrote for it. Each file of this folder is one reader. It defines
// LLVMFuzzerTestOneInput, which libFuzzer calls (https://llvm.org/docs/LibFuzzer.html) and replay.cc, which
// any compiler builds, does too; and valid_inputs.

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace samplerbench::testing {

// What mutations begin from: inputs that the reader takes, made by the program's own writers where it has
// them.
std::vector<std::string> valid_inputs();

// How the inputs so far were met.
struct Tally {
  int64_t taken = 0, refused = 0;
  std::string last_refusal;
};

inline Tally& tally() {
  static Tally all;
  return all;
}

// Something that a reader must never do. Ends the process.
[[noreturn]] inline void finding(const std::string& what) {
  std::fprintf(stderr, "finding: %s\n", what.c_str());
  std::abort();
}

// A reader takes its input, or refuses it by an InputError whose message is one line that names `file`. All
// else is a finding, and so is memory that there is not, whatever becomes of the exception.
inline void expect_taken_or_refused(const std::string& file, const std::function<void()>& read) {
  std::set_new_handler([] { finding("more memory than there is"); });
  try {
    read();
    ++tally().taken;
  } catch (const InputError& error) {
    const std::string said = error.what();
    const std::string shown = printable(said, 500);
    if (said.find(file) == std::string::npos) finding("a message does not name the file: " + shown);
    if (said.find('\n') != std::string::npos) finding("a message of several lines: " + shown);
    ++tally().refused;
    tally().last_refusal = said;
  } catch (const std::exception& error) {
    finding("an exception that is no InputError: " + printable(error.what(), 500));
  }
}

inline std::string text_of_input(const uint8_t* data, size_t size) {
  return size == 0 ? "" : std::string(reinterpret_cast<const char*>(data), size);
}

// A folder for readers that take a path; gone when the program ends.
inline const std::filesystem::path& input_folder() {
  static const Scratch scratch;
  return scratch.path();
}

}  // namespace samplerbench::testing
