#pragma once

#include <map>
#include <string>

namespace samplerbench::harness {

// The specs of harness/experiments/ and of harness/fits/ by name, compiled in, so that a program finds them
// wherever it is installed.
const std::map<std::string, std::string>& builtin_experiments();
const std::map<std::string, std::string>& builtin_fits();

}  // namespace samplerbench::harness
