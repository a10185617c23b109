#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/call.h"
#include "core/fields.h"
#include "core/json.h"
#include "core/options.h"
#include "harness/spec/toml_document.h"

namespace samplerbench::harness {

// A table of a spec, with what it takes over from other tables. Hands out its members, checked, and refuses
// those that no code asked for. All functions throw InputError with file and line.
class TomlTable {
 public:
  // The whole of a document; `source` is its file's name in messages.
  TomlTable(const std::string& text, const std::string& source);

  // Takes over what this table does not set from `other`: members that both hold are this table's, and
  // tables in them are taken together, member by member, where they are read by `table`.
  void inherit(const TomlTable& other);

  // Forgets the member, so that others do not inherit it.
  void forget(const std::string& name);

  bool has(const std::string& name) const {
    asked_.insert(name);
    return find(name) != nullptr;
  }

  // Where the member stands, or the table where the name is empty or it has no such member.
  std::string at(const std::string& name) const;

  // A member of any type, which must be there.
  const Json& member(const std::string& name);
  Json member_or(const std::string& name, Json fallback);

  // Text that is not empty.
  std::string text(const std::string& name);
  std::string text_or(const std::string& name, const std::string& fallback);

  // Text fit to name `what`, a file or a folder: at most 100 letters, digits, '-' and '_'.
  std::string plain_name(const std::string& name, const std::string& what);

  // A member checked like an option of a sampler; the option's default where it is absent.
  Json checked_or_default(const Option& option);

  // The value of an enumeration that a word names.
  template <Worded Enum>
  Enum word_or(const std::string& name, Enum fallback) {
    std::vector<std::string> known;
    for (const auto& [value, word] : words(Enum{})) known.push_back(word);
    return from_word<Enum>(
        checked_or_default(Option::choice(name, word_of(fallback), known, "")).template get<std::string>());
  }

  // The table of that name, with those of the same name that this one inherits; empty where there is none.
  // What is inherited and is no table is replaced.
  TomlTable table(const std::string& name);

  // The entries of a list, which must be there: tables, and calls such as "gaussian:correlation=0", which
  // become tables with a name and options.
  std::vector<TomlTable> entries(const std::string& name);

  // The call that became this table; nothing if it was a table from the start.
  const std::optional<Call>& call() const { return call_; }

  // The names of all members, and all as one object.
  std::vector<std::string> names() const;
  Json all();

  // The file in which the table stands, as messages name it.
  const std::string& source() const { return layers_.front().document->source(); }

  // The file in which the member stands; that of the table where it has no such member.
  const std::string& source_of(const std::string& name) const;

  void refuse_the_rest() const;

  [[noreturn]] void fail(const std::string& name, const std::string& message) const;

 private:
  // One table of a document.
  struct Layer {
    std::shared_ptr<const TomlDocument> document;
    std::string path;
    Json json;

    std::string path_of(const std::string& name) const { return path.empty() ? name : path + "." + name; }
  };

  explicit TomlTable(std::vector<Layer> layers);

  const Layer* find(const std::string& name) const;
  TomlTable entry(const Layer& list, const std::string& name, size_t index, const Json& item) const;

  std::vector<Layer> layers_;  // a member is that of the first layer which has it
  mutable std::set<std::string> asked_;
  std::optional<Call> call_;
};

}  // namespace samplerbench::harness
