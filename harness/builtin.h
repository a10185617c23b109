#pragma once

#include <map>
#include <string>

namespace samplerbench::harness {

// The specs of harness/experiments/ by name, compiled in, so that a program finds them wherever it is
// installed.
const std::map<std::string, std::string>& builtin_experiments();

}  // namespace samplerbench::harness
