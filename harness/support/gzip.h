#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace samplerbench::harness {

// Hands the contents of a gzip file to `take`, in pieces of up to 1 MiB; those of any other file as they are.
// Bytes behind the end of the gzip stream that are no gzip are passed over, as gunzip does. Throws InputError
// that names the file and what is wrong.
void read_gzip(const std::filesystem::path& path, const std::function<void(std::string_view)>& take);

// Hands its lines to `take`, one by one and without their ends.
void read_gzip_lines(const std::filesystem::path& path, const std::function<void(const std::string&)>& take);

// The same as one text.
std::string read_gzip(const std::filesystem::path& path);

// `text` as the bytes of a gzip file; equal texts give equal bytes.
std::string gzipped(std::string_view text);

// `bytes` compressed (zlib) and in base64, and back. Both throw InputError above 1 GiB, and the latter for
// text that is no such thing.
std::string packed_text(std::string_view bytes);
std::string unpacked_bytes(std::string_view text);

}  // namespace samplerbench::harness
