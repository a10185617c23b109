#pragma once

#include <map>
#include <string>

#include "core/json.h"

namespace samplerbench::harness {

// A TOML document as JSON, with the line of every value for messages.
class TomlDocument {
 public:
  // `source` is the file's name in messages. Throws InputError, with line and column, for text that is not
  // TOML, and for dates and times.
  TomlDocument(const std::string& text, std::string source);

  const Json& root() const { return root_; }
  const std::string& source() const { return source_; }

  // Where the value at `path` stands: "quick.toml:12: samplers[1].budget".
  std::string at(const std::string& path) const;

 private:
  class Reader;

  std::string source_;
  Json root_;
  std::map<std::string, size_t> lines_;  // by path
};

}  // namespace samplerbench::harness
