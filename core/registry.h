#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/options.h"
#include "core/suggest.h"

namespace samplerbench {

// Facts that entries of one kind state in addition to the members below. A kind with such facts specialises
// this template. If its type has no default, every entry must state them.
template <class Factory>
struct FactsOf {
  struct Type {};
};

// What the suite knows about one target, sampler or metric. `revision` is raised when behaviour changes, so
// that old records are not mistaken for new ones.
template <class Factory>
struct Entry {
  std::string name;
  std::string summary;   // one line
  std::string citation;  // where the formula stands
  int revision = 1;
  typename FactsOf<Factory>::Type facts = {};
  OptionTable options;
  Factory make;
  // The options that most users set, where the table has many others; empty: all of them.
  std::vector<std::string> essential = {};
  // The data files that `make` reads with these options, by their names in DataFiles. An empty function means
  // none. The files' hashes belong to a run's key.
  std::function<std::vector<std::string>(const Options&)> files = {};
  // Throws InputError for resolved options that do not go together, whatever they are used on, and does no
  // work. An empty function takes all.
  std::function<void(const Options&)> check = {};
  // For a preset: its base entry and the defaults that differ. add_preset() sets them.
  std::string preset_of = {};
  Json preset = {};

  // Calls `check`; `owner` prefixes the message.
  void require(const Options& given, std::string_view owner) const {
    if (!check) return;
    try {
      check(given);
    } catch (const InputError& error) {
      throw InputError(std::string(owner) + ": " + error.what());
    }
  }
};

// A name for an entry with other defaults.
struct Preset {
  std::string name;
  std::string preset_of;
  std::string summary;
  std::string citation;
  int revision = 1;
  Json defaults;  // the differences alone
};

// Entries by name. Registration is explicit: each file has an add_<name>(registry), and each folder has one
// list of them.
template <class Factory>
class Registry {
 public:
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  // Throws std::logic_error if the name is taken.
  void add(Entry<Factory> entry) {
    const std::string name = entry.name;
    if (!entries_.emplace(name, std::move(entry)).second)
      throw std::logic_error(kind_ + " '" + name + "' is registered twice");
  }

  // Adds the entry `preset.preset_of` under a new name with the preset's defaults, which records always hold.
  // Throws InputError if that entry is not registered yet or does not accept the defaults, and
  // std::logic_error if the name is taken.
  void add_preset(Preset preset) {
    Entry<Factory> entry = at(preset.preset_of);
    entry.name = std::move(preset.name);
    entry.summary = std::move(preset.summary);
    entry.citation = std::move(preset.citation);
    entry.revision = preset.revision;
    entry.options = with_defaults(std::move(entry.options), preset.defaults);
    entry.preset_of = std::move(preset.preset_of);
    entry.preset = std::move(preset.defaults);
    add(std::move(entry));
  }

  // Throws InputError for an unknown name; the message suggests the nearest known one.
  const Entry<Factory>& at(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) throw InputError(unknown_name(kind_, name, names()));
    return found->second;
  }

  bool contains(const std::string& name) const { return entries_.contains(name); }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return names;
  }

  const std::string& kind() const { return kind_; }

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::string kind_;
  std::map<std::string, Entry<Factory>> entries_;
};

}  // namespace samplerbench
