#pragma once

#include <map>
#include <set>
#include <string>

#include "core/json.h"
#include "core/options.h"

namespace samplerbench::harness {

// A TOML document as JSON, with the line of every value, so that a message can point at it.
class TomlDocument {
 public:
  // `source` is the file's name in messages. Throws InputError, with line and column, for text that is not
  // TOML, and for dates and times.
  TomlDocument(const std::string& text, std::string source);

  const Json& root() const { return root_; }

  // "quick.toml:12: samplers[1].budget"
  std::string at(const std::string& path) const;

 private:
  class Reader;

  std::string source_;
  Json root_;
  std::map<std::string, size_t> lines_;
};

// One table of a document: hands out its members, checked, and refuses the ones nobody asked for. The
// document and the JSON must outlive it. All throw InputError with file and line.
class TomlTable {
 public:
  TomlTable(const TomlDocument& document, const Json& json, std::string path);

  std::string path(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }
  std::string at(const std::string& name) const { return document_.at(name.empty() ? path_ : path(name)); }
  bool has(const std::string& name) const { return json_.contains(name); }

  const Json& member(const std::string& name);
  Json member_or(const std::string& name, Json fallback);

  // Text that is not empty.
  std::string text(const std::string& name);
  std::string text_or(const std::string& name, const std::string& fallback);

  // Text fit to name `what`, a file or a folder: letters, digits, '-' and '_'.
  std::string plain_name(const std::string& name, const std::string& what);

  // A member checked like an option of a sampler; the option's default where it is absent.
  Json checked_or_default(const Option& option);

  void refuse_the_rest() const;

  [[noreturn]] void fail(const std::string& name, const std::string& message) const;

 private:
  const TomlDocument& document_;
  const Json& json_;
  std::string path_;
  std::set<std::string> asked_;
};

}  // namespace samplerbench::harness
