#include "harness/spec/spec_text.h"

#include <filesystem>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {

SpecText find_spec(const std::string& kind, const std::map<std::string, std::string>& builtin,
                   const std::string& path_or_name) {
  const auto found = builtin.find(path_or_name);
  if (found != builtin.end()) return {found->second, path_or_name + ".toml"};
  if (std::filesystem::is_regular_file(path_or_name)) return {read_input(path_or_name), path_or_name};
  std::vector<std::string> known;
  for (const auto& [name, text] : builtin) known.push_back(name);
  throw InputError(unknown_name(kind + " (and no such file)", path_or_name, known));
}

}  // namespace samplerbench::harness
