#include "harness/spec/toml_document.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <cctype>
#include <string_view>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::harness {
namespace {

constexpr int kMostLevels = 256;

// Throws InputError for a dotted key of more levels than that: the parser takes each as a call of its own.
void require_few_levels(const std::string& text, const std::string& source) {
  int dots = 0;
  int64_t line = 1;
  for (const char c : text) {
    if (std::string_view(" \t\"'-_").find(c) != std::string_view::npos ||
        std::isalnum(static_cast<unsigned char>(c)))
      continue;
    dots = c == '.' ? dots + 1 : 0;
    line += c == '\n';
    if (dots >= kMostLevels)
      throw InputError(fmt::format("{}:{}: a key of more than {} levels", source, line, kMostLevels));
  }
}

}  // namespace

// Fills a document with what the parser read.
class TomlDocument::Reader {
 public:
  explicit Reader(TomlDocument& document) : document_(document) {}

  Json convert(const toml::node& node, const std::string& path) {
    document_.lines_[path] = node.source().begin.line;
    if (const auto* table = node.as_table()) return convert_table(*table, path);
    if (const auto* array = node.as_array()) return convert_array(*array, path);
    if (const auto* value = node.as_boolean()) return value->get();
    if (const auto* value = node.as_integer()) return value->get();
    if (const auto* value = node.as_floating_point()) return value->get();
    if (const auto* value = node.as_string()) return value->get();
    throw InputError(fmt::format("{}: a spec takes no dates and times", document_.at(path)));
  }

 private:
  Json convert_table(const toml::table& table, const std::string& path) {
    Json json = Json::object();
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      json[name] = convert(value, path.empty() ? name : path + "." + name);
    }
    return json;
  }

  Json convert_array(const toml::array& array, const std::string& path) {
    Json json = Json::array();
    for (const auto& value : array) json.push_back(convert(value, fmt::format("{}[{}]", path, json.size())));
    return json;
  }

  TomlDocument& document_;
};

TomlDocument::TomlDocument(const std::string& text, std::string source) : source_(std::move(source)) {
  if (const auto fault = text_fault(text)) throw InputError(fmt::format("{}: {}", source_, *fault));
  require_few_levels(text, source_);
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

}  // namespace samplerbench::harness
