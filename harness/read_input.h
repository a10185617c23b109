#pragma once

#include <filesystem>
#include <string>

namespace samplerbench::harness {

// The bytes of a file that the caller named. Throws InputError, which names it and ends with `hint`, where it
// cannot be read.
std::string read_input(const std::filesystem::path& path, const std::string& hint = "");

}  // namespace samplerbench::harness
