#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace samplerbench {

// A condition on another option. An option has an effect only if its condition holds.
struct OptionCondition {
  std::string option;
  std::vector<Json> values;
  bool one_of = true;  // the other option must be one of `values`; false: none of them

  bool holds(const Json& value) const;

  // "blur=true", "schedule=anneal or log_uniform", "warmup other than 0".
  std::string words() const;
};

// One declared option: its name, its default (whose type is the option's), what it does, and what it accepts.
struct Option {
  std::string name;
  Json fallback;
  std::string help;
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool above_minimum = false;   // the minimum itself is excluded
  bool below_maximum = false;   // the maximum itself is excluded
  std::optional<double> apart;  // one number that is valid too, outside the range
  std::vector<std::string> choices;
  bool added = false;  // added when records existed; its default is what was done before
  std::optional<OptionCondition> condition;  // if it does not hold, the option has no effect
  std::string group;                         // heading for descriptions; empty for none

  static Option integer(std::string name, int64_t fallback, std::string help);
  static Option real(std::string name, double fallback, std::string help);
  static Option flag(std::string name, bool fallback, std::string help);
  static Option text(std::string name, std::string fallback, std::string help);
  static Option choice(std::string name, std::string fallback, std::vector<std::string> choices,
                       std::string help);

  Option at_least(double value) &&;
  Option above(double value) &&;
  Option at_most(double value) &&;
  Option below(double value) &&;
  Option or_just(double value) &&;  // valid beside the range, as 0 for "none"
  Option added_later() &&;

  // The option has an effect only if `other`, an option of the same table, is one of `values` and has an
  // effect.
  template <class... Values>
  Option only_if(std::string other, Values... values) && {
    condition = {.option = std::move(other), .values = {Json(values)...}};
    return std::move(*this);
  }

  // The option has an effect only if `other`, an option of the same table, is not `value` and has an effect.
  template <class Value>
  Option unless(std::string other, Value value) && {
    condition = {.option = std::move(other), .values = {Json(value)}, .one_of = false};
    return std::move(*this);
  }

  // What the option accepts, in words: "a number above 0", "a whole number of 2 or more, or 0".
  std::string accepts() const;

  // Whether `number` is in the range, or is the one beside it.
  bool takes(double number) const;

  // `given` in the option's type: an integer becomes a real if the option is real, and the word that it is
  // written as if that is one of the option's choices. Throws InputError for a value that the option does not
  // accept; `owner` prefixes the message.
  Json checked(const Json& given, std::string_view owner) const;
};

using OptionTable = std::vector<Option>;

// All tables in one.
OptionTable joined(std::vector<OptionTable> tables);

// `table` with all its options under the heading `group`.
OptionTable grouped(std::string group, OptionTable table);

// `table` with other defaults, which records always hold. Throws InputError for an unknown option, for a
// value that its option does not accept, and for an option that has no effect under the defaults.
OptionTable with_defaults(OptionTable table, const Json& defaults);

// Why the option `name` has no effect when the table's options have these values: the conditions that do not
// hold, such as "blur=true" or "cap=true, which needs weights=own". Nothing if the option has an effect.
// Throws std::logic_error if a condition names no option of the table.
std::optional<std::string> missing_for(const std::string& name, const OptionTable& table, const Json& values);

// A value as a command line has it: true, 3, 0.1, text.
std::string shown(const Json& value);

}  // namespace samplerbench
