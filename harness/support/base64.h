#pragma once

#include <string>
#include <string_view>

namespace samplerbench::harness {

// RFC 4648, with padding and without line ends.
std::string base64(std::string_view bytes);

// The inverse. Throws InputError for text that is not base64.
std::string base64_decoded(std::string_view text);

}  // namespace samplerbench::harness
