#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace samplerbench::harness {

// The bytes of a file that a user named, the first `most` of them. Throws InputError where it cannot be read;
// `hint` ends the message.
std::string read_input(const std::filesystem::path& path, const std::string& hint = "",
                       size_t most = SIZE_MAX);

}  // namespace samplerbench::harness
