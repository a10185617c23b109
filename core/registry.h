#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/options.h"
#include "core/suggest.h"

namespace samplerbench {

// What the suite knows of one target, sampler or metric. `revision` is raised when behaviour changes, so that
// old records are not mistaken for new ones.
template <class Factory>
struct Entry {
  std::string name;
  std::string summary;   // one line
  std::string citation;  // where the formula stands
  int revision = 1;
  OptionTable options;
  Factory make;
  // The data files that making it with these options reads, by the names that DataFiles knows them by; none
  // where this is empty. Their hashes belong to a run's key.
  std::function<std::vector<std::string>(const Options&)> files = {};
};

// Entries by name. Registration is explicit: each file has an add_<name>(registry), each folder one list of
// them.
template <class Factory>
class Registry {
 public:
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  // Throws std::logic_error for a name that is taken.
  void add(Entry<Factory> entry) {
    const std::string name = entry.name;
    if (!entries_.emplace(name, std::move(entry)).second)
      throw std::logic_error(kind_ + " '" + name + "' is registered twice");
  }

  // Throws InputError with the nearest known name.
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
