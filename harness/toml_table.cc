#include "harness/toml_table.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include "core/error.h"
#include "core/suggest.h"

namespace samplerbench::harness {

// Fills a document from what the parser made.
class TomlDocument::Reader {
 public:
  explicit Reader(TomlDocument& document) : document_(document) {}

  Json convert(const toml::node& node, const std::string& path) {
    document_.lines_[path] = node.source().begin.line;
    if (const auto* table = node.as_table()) {
      Json json = Json::object();
      for (const auto& [key, value] : *table) {
        const std::string name(key.str());
        json[name] = convert(value, path.empty() ? name : path + "." + name);
      }
      return json;
    }
    if (const auto* array = node.as_array()) {
      Json json = Json::array();
      for (const auto& value : *array)
        json.push_back(convert(value, fmt::format("{}[{}]", path, json.size())));
      return json;
    }
    if (const auto* value = node.as_boolean()) return value->get();
    if (const auto* value = node.as_integer()) return value->get();
    if (const auto* value = node.as_floating_point()) return value->get();
    if (const auto* value = node.as_string()) return value->get();
    throw InputError(fmt::format("{}: dates and times have no place in a spec", document_.at(path)));
  }

 private:
  TomlDocument& document_;
};

TomlDocument::TomlDocument(const std::string& text, std::string source) : source_(std::move(source)) {
  try {
    const toml::table table = toml::parse(text, source_);
    root_ = Reader(*this).convert(table, "");
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw InputError(fmt::format("{}:{}:{}: {}", source_, at.line, at.column, error.description()));
  }
}

std::string TomlDocument::at(const std::string& path) const {
  const auto found = lines_.find(path);
  const std::string place = found == lines_.end() ? source_ : fmt::format("{}:{}", source_, found->second);
  return path.empty() ? place : place + ": " + path;
}

TomlTable::TomlTable(const TomlDocument& document, const Json& json, std::string path)
    : document_(document), json_(json), path_(std::move(path)) {
  if (!json_.is_object()) fail("", "a table is needed here");
}

const Json& TomlTable::member(const std::string& name) {
  asked_.insert(name);
  if (!has(name)) fail("", fmt::format("'{}' is missing", name));
  return json_.at(name);
}

Json TomlTable::member_or(const std::string& name, Json fallback) {
  return has(name) ? member(name) : (asked_.insert(name), fallback);
}

std::string TomlTable::text(const std::string& name) {
  const Json& value = member(name);
  if (!value.is_string() || value.get<std::string>().empty())
    fail(name, fmt::format("= {}: text is needed", value.dump()));
  return value.get<std::string>();
}

std::string TomlTable::text_or(const std::string& name, const std::string& fallback) {
  asked_.insert(name);
  return has(name) ? text(name) : fallback;
}

std::string TomlTable::plain_name(const std::string& name, const std::string& what) {
  std::string value = text(name);
  if (value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") !=
      std::string::npos)
    fail(name, fmt::format("= \"{}\": letters, digits, '-' and '_' only, since it names a {}", value, what));
  return value;
}

Json TomlTable::checked_or_default(const Option& option) {
  const Json given = member_or(option.name, option.fallback);
  return option.checked(given, at(has(option.name) ? option.name : ""));
}

void TomlTable::refuse_the_rest() const {
  for (const auto& [name, value] : json_.items())
    if (!asked_.contains(name))
      throw InputError(at(name) + ": " + unknown_name("key", name, {asked_.begin(), asked_.end()}));
}

void TomlTable::fail(const std::string& name, const std::string& message) const {
  throw InputError(fmt::format("{}{} {}", at(name), name.empty() ? ":" : "", message));
}

}  // namespace samplerbench::harness
