#include "harness/spec/sharing.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/error.h"
#include "core/suggest.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

constexpr const char* kLike = "like";
constexpr const char* kDefaults = "defaults";

// The spec that `spec` is like. A name that is not built in is a path from the folder of `spec`.
SpecText spec_like(TomlTable& spec) {
  const std::string name = spec.text(kLike);
  const auto& builtin = builtin_experiments();
  const std::filesystem::path beside = std::filesystem::path(spec.source()).parent_path() / name;
  std::error_code missing;
  const bool is_file = !builtin.contains(name) && std::filesystem::exists(beside, missing);
  try {
    return find_spec("experiment", builtin, is_file ? beside.string() : name);
  } catch (const InputError& error) {
    throw InputError(spec.at(kLike) + ": " + error.what());
  }
}

// `followed`: texts of the specs that led here.
TomlTable read_spec(const SpecText& spec, std::vector<std::string> followed) {
  TomlTable table(spec.text, spec.source);
  if (!table.has(kLike)) return table;
  followed.push_back(spec.text);
  const SpecText other = spec_like(table);
  if (std::find(followed.begin(), followed.end(), other.text) != followed.end())
    table.fail(kLike, fmt::format("= \"{}\": that spec leads back to itself", table.text(kLike)));
  TomlTable base = read_spec(other, std::move(followed));
  base.forget("name");
  base.forget("summary");
  table.inherit(base);
  return table;
}

// `followed`: names of the defaults that led here.
void inherit_defaults(TomlTable& table, TomlTable& defaults, std::vector<std::string> followed) {
  if (!table.has(kLike)) return;
  const std::string name = table.text(kLike);
  if (!defaults.has(name))
    throw InputError(table.at(kLike) + ": " + unknown_name("[defaults]", name, defaults.names()));
  if (std::find(followed.begin(), followed.end(), name) != followed.end())
    table.fail(kLike, fmt::format("= \"{}\": [defaults.{}] is like itself", name, name));
  followed.push_back(name);
  TomlTable base = defaults.table(name);
  inherit_defaults(base, defaults, std::move(followed));
  table.inherit(base);
}

}  // namespace

TomlTable read_shared_spec(const SpecText& spec) { return read_spec(spec, {}); }

std::vector<TomlTable> shared_entries(TomlTable& spec, const std::string& name) {
  TomlTable defaults = spec.table(kDefaults);
  std::vector<TomlTable> entries = spec.entries(name);
  for (TomlTable& entry : entries) inherit_defaults(entry, defaults, {});
  return entries;
}

}  // namespace samplerbench::harness
