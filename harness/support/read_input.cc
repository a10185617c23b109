#include "harness/support/read_input.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "core/error.h"

namespace samplerbench::harness {

std::string read_input(const std::filesystem::path& path, const std::string& hint) {
  // A folder can be opened, and reading it throws something else.
  if (std::filesystem::is_directory(path))
    throw InputError(fmt::format("{}: is a folder; a file is needed{}", path.string(), hint));
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad())
    throw InputError(fmt::format("{}: cannot be read{}", path.string(), hint));
  return bytes;
}

}  // namespace samplerbench::harness
