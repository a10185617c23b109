#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/fields.h"

namespace samplerbench::harness {

// The version of the protocol that programs speak: PROTOCOL.md in harness/run. It is the revision of every
// sampler that is a program, so that another protocol makes other runs.
inline constexpr int kProgramProtocol = 1;

// A user's program that samples.
struct Program {
  std::vector<std::string> command;          // its name and its arguments; files count from the spec's folder
  std::map<std::string, std::string> files;  // SHA-256 by name of the words that are files, and of others
  bool self_counted = false;                 // it evaluates the density by itself and counts that
  std::filesystem::path folder = {};         // of the spec, where it runs; not recorded

  static auto fields() {
    return std::tuple{field("command", &Program::command), rare_field("files", &Program::files),
                      rare_field("self_counted", &Program::self_counted)};
  }
};

// What a program says of itself, and what the suite saw of it, for the end line of its record.
struct ProgramFacts {
  std::string name;
  std::string version;
  double start_s = 0;          // wall-clock seconds from its start to the end of its warm-up, on no clock
  double peak_memory_mib = 0;  // of its process group

  static auto fields() {
    return std::tuple{field("name", &ProgramFacts::name), field("version", &ProgramFacts::version),
                      field_or("start_s", &ProgramFacts::start_s),
                      field_or("peak_memory_mib", &ProgramFacts::peak_memory_mib)};
  }
};

}  // namespace samplerbench::harness
