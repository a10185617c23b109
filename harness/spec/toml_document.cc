#include "harness/spec/toml_document.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::harness {
namespace {

constexpr int kMostKeyLevels = 32;
constexpr int kMostLevels = 100;                        // of the whole document
constexpr size_t kShownPath = 200, kShownReason = 500;  // bytes

// The length of the string with whose quote `text` begins, quotes included. A short one ends at its line's
// end at the latest, where the parser refuses it.
size_t string_length(std::string_view text) {
  const char quote = text.front();
  const std::string triple(3, quote);
  const bool is_long = text.starts_with(triple);
  const std::string_view closing = std::string_view(triple).substr(0, is_long ? 3 : 1);
  size_t at = closing.size();
  while (at < text.size() && !text.substr(at).starts_with(closing) && (is_long || text[at] != '\n'))
    at += quote == '"' && text[at] == '\\' ? 2 : 1;
  at = std::min(at + closing.size(), text.size());
  // A long string may end in two quotes of its own.
  for (int own = 0; is_long && own < 2 && at < text.size() && text[at] == quote; ++own) ++at;
  return at;
}

bool is_of_key(char c) {
  return std::string_view(" \t-_").find(c) != std::string_view::npos ||
         std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// How much of the text is to be passed over at once: a string, a comment, or one letter.
size_t piece_length(std::string_view text) {
  if (text.front() == '"' || text.front() == '\'') return string_length(text);
  if (text.front() == '#') return std::min(text.find('\n'), text.size());
  return 1;
}

// Throws InputError for a dotted key of more than kMostKeyLevels: the parser, and what deletes a table, take
// each level as a call of its own.
void require_few_levels(std::string_view text, const std::string& source) {
  int dots = 0;
  int64_t line = 1;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, piece_length(text));
    text.remove_prefix(piece.size());
    line += std::count(piece.begin(), piece.end(), '\n');
    if (piece.size() > 1 || is_of_key(piece.front())) continue;
    dots = piece.front() == '.' ? dots + 1 : 0;
    if (dots >= kMostKeyLevels)
      throw InputError(fmt::format("{}:{}: a key of more than {} levels", source, line, kMostKeyLevels));
  }
}

}  // namespace

// Fills a document with what the parser read.
class TomlDocument::Reader {
 public:
  explicit Reader(TomlDocument& document) : document_(document) {}

  // `levels`: those above the node.
  Json convert(const toml::node& node, const std::string& path, int levels = 0) {
    document_.lines_[path] = node.source().begin.line;
    if (levels > kMostLevels)
      throw InputError(fmt::format("{}: more than {} levels", document_.at(path), kMostLevels));
    if (const auto* table = node.as_table()) return convert_table(*table, path, levels + 1);
    if (const auto* array = node.as_array()) return convert_array(*array, path, levels + 1);
    if (const auto* value = node.as_boolean()) return value->get();
    if (const auto* value = node.as_integer()) return value->get();
    if (const auto* value = node.as_floating_point()) return value->get();
    if (const auto* value = node.as_string()) return value->get();
    throw InputError(fmt::format("{}: a spec takes no dates and times", document_.at(path)));
  }

 private:
  Json convert_table(const toml::table& table, const std::string& path, int levels) {
    Json json = Json::object();
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      json[name] = convert(value, path.empty() ? name : path + "." + name, levels);
    }
    return json;
  }

  Json convert_array(const toml::array& array, const std::string& path, int levels) {
    Json json = Json::array();
    for (const auto& value : array)
      json.push_back(convert(value, fmt::format("{}[{}]", path, json.size()), levels));
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
    throw InputError(fmt::format("{}:{}:{}: {}", source_, at.line, at.column,
                                 printable(error.description(), kShownReason)));
  }
}

std::string TomlDocument::at(const std::string& path) const {
  const auto found = lines_.find(path);
  const std::string place = found == lines_.end() ? source_ : fmt::format("{}:{}", source_, found->second);
  return path.empty() ? place : place + ": " + printable(path, kShownPath);
}

}  // namespace samplerbench::harness
