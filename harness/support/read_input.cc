#include "harness/support/read_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/error.h"

namespace samplerbench::harness {

std::string read_input(const std::filesystem::path& path, const std::string& hint, size_t most) {
  // A folder can be opened, and reading it throws something else.
  if (std::filesystem::is_directory(path))
    throw InputError(fmt::format("{}: is a folder; a file is needed{}", path.string(), hint));
  std::ifstream file(path, std::ios::binary);
  constexpr size_t kPiece = 1 << 16;
  std::string bytes;
  while (file && bytes.size() < most) {
    const size_t begin = bytes.size(), wanted = std::min(kPiece, most - begin);
    bytes.resize(begin + wanted);
    file.read(bytes.data() + begin, static_cast<std::streamsize>(wanted));
    bytes.resize(begin + static_cast<size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad())
    throw InputError(fmt::format("{}: cannot be read{}", path.string(), hint));
  return bytes;
}

}  // namespace samplerbench::harness
