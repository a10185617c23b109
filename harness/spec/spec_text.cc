#include "harness/spec/spec_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

constexpr uintmax_t kLongestSpec = 4 << 20;

// From a file, a pipe or a device.
std::string spec_from(const std::string& path) {
  std::string text = read_input(path, "", kLongestSpec + 1);
  if (text.size() > kLongestSpec)
    throw InputError(fmt::format("{}: a spec has at most {} bytes", path, kLongestSpec));
  return text;
}

}  // namespace

SpecText find_spec(const std::string& kind, const std::map<std::string, std::string>& builtin,
                   const std::string& path_or_name) {
  const auto found = builtin.find(path_or_name);
  if (found != builtin.end()) return {found->second, path_or_name + ".toml"};
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path_or_name, error);
  if (std::filesystem::exists(status)) return {spec_from(path_or_name), path_or_name};
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory &&
      error != std::errc::filename_too_long)
    throw InputError(fmt::format("{}: {}", path_or_name, error.message()));
  std::vector<std::string> known;
  for (const auto& [name, text] : builtin) known.push_back(name);
  throw InputError(unknown_name(kind + " (and no such file)", path_or_name, known));
}

}  // namespace samplerbench::harness
