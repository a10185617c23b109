#pragma once

#include <map>
#include <string>

namespace samplerbench::harness {

// A spec as a person wrote it.
struct SpecText {
  std::string text;
  std::string source;  // the file's name in messages
};

// The spec in `builtin` of that name, else the one in that file. Throws InputError where there is neither;
// the message says what `kind` of spec it is and suggests the nearest name.
SpecText find_spec(const std::string& kind, const std::map<std::string, std::string>& builtin,
                   const std::string& path_or_name);

}  // namespace samplerbench::harness
