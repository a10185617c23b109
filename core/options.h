#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace samplerbench {

// One declared option: its name, its default (whose type is the option's), what it does, and what it accepts.
struct Option {
  std::string name;
  Json fallback;
  std::string help;
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool above_minimum = false;  // the minimum itself is excluded
  std::vector<std::string> choices;
  bool added = false;  // came after records existed, and its default is what was done before it

  static Option integer(std::string name, int64_t fallback, std::string help);
  static Option real(std::string name, double fallback, std::string help);
  static Option flag(std::string name, bool fallback, std::string help);
  static Option text(std::string name, std::string fallback, std::string help);
  static Option choice(std::string name, std::string fallback, std::vector<std::string> choices,
                       std::string help);

  Option at_least(double value) &&;
  Option above(double value) &&;
  Option at_most(double value) &&;
  Option added_later() &&;

  // What the option accepts, in words: "a number above 0".
  std::string accepts() const;

  // `value` in the option's type (an integer becomes a real where a real is asked). Throws InputError.
  Json checked(const Json& value, std::string_view owner) const;
};

using OptionTable = std::vector<Option>;

// Resolved options: every declared one has a value of its type.
class Options {
 public:
  Options() : values_(Json::object()) {}

  // Fills defaults and checks `given`, an object. Throws InputError that names `owner`, the option, the value
  // and what would be valid; an unknown name gets the nearest known one.
  Options(const OptionTable& table, const Json& given, std::string_view owner);

  int64_t integer(const std::string& name) const { return values_.at(name).get<int64_t>(); }
  double real(const std::string& name) const { return values_.at(name).get<double>(); }
  bool flag(const std::string& name) const { return values_.at(name).get<bool>(); }
  std::string text(const std::string& name) const { return values_.at(name).get<std::string>(); }

  const Json& json() const { return values_; }

 private:
  Json values_;
};

// Resolved options as they belong into a record: without those that were added later and stand at their
// default, so that a new option leaves the keys of old records as they are.
Json recorded_options(const OptionTable& table, const Options& options);

// A name with options as it stands on a command line: `hmc:step_size=0.1,chains=64`.
struct Call {
  std::string name;
  Json options = Json::object();
};

// Throws InputError for an empty name, a missing '=' or an option given twice.
Call parse_call(std::string_view text);

// The inverse: `name` alone, or `name:a=1,b=2` for the options that differ from the table's defaults.
std::string describe_call(const std::string& name, const OptionTable& table, const Json& options);

}  // namespace samplerbench
