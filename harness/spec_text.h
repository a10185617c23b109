#pragma once

#include <map>
#include <string>

namespace samplerbench::harness {

// A spec as it was written, and its file's name in messages.
struct SpecText {
  std::string text;
  std::string source;
};

// The one of `builtin` of that name, else the file. Throws InputError, which calls it a `kind` and suggests
// the nearest name, where it is neither.
SpecText find_spec(const std::string& kind, const std::map<std::string, std::string>& builtin,
                   const std::string& path_or_name);

}  // namespace samplerbench::harness
