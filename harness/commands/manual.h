#pragma once

#include <string>

namespace samplerbench::harness {

// The manual page samplerbench(1) of all commands with their flags, in the man macros of troff.
std::string manual_page();

}  // namespace samplerbench::harness
