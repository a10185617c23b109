#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace samplerbench::harness {

// Hands the bytes of a file to `take` in pieces of 1 MiB, the last one shorter; no piece is empty. Throws
// InputError where it cannot be read.
void read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take);

// SHA-256 of a file's bytes, as 64 hexadecimal digits. Throws InputError where it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace samplerbench::harness
