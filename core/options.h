#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/option.h"

namespace samplerbench {

// Resolved options: every declared one has a value of its type.
class Options {
 public:
  Options() : values_(Json::object()) {}

  // Checks `given`, an object that a user wrote, and fills in defaults. Throws InputError for an unknown
  // option, a value that an option does not accept, and an option that has no effect. The message suggests
  // the nearest known option, says what is accepted, or says what the option needs; `owner` prefixes it.
  Options(const OptionTable& table, const Json& given, std::string_view owner);

  // The same for options from a record, which are resolved already: options without an effect have values
  // too.
  static Options resolved(const OptionTable& table, const Json& values, std::string_view owner);

  int64_t integer(const std::string& name) const { return values_.at(name).get<int64_t>(); }
  double real(const std::string& name) const { return values_.at(name).get<double>(); }
  bool flag(const std::string& name) const { return values_.at(name).get<bool>(); }
  std::string text(const std::string& name) const { return values_.at(name).get<std::string>(); }

  const Json& json() const { return values_; }

 private:
  Json values_;
};

// Resolved options for a record. Leaves out options that were added later and have their default, so that the
// keys of old records stay the same.
Json recorded_options(const OptionTable& table, const Options& options);

}  // namespace samplerbench
