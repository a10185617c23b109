#include "core/option.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/error.h"
#include "core/options.h"
#include "core/printable.h"

namespace samplerbench {
namespace {

constexpr size_t kMostOfValue = 80;  // bytes of a value in a message

// What every numerical option refuses, so that no product of a few of them overflows: whole numbers beyond
// the first, unless the option's own maximum is larger, and numbers whose magnitude is not between the
// others.
constexpr double kMostWhole = 1e9, kLeastReal = 1e-50, kMostReal = 1e50;

bool is_moderate(const Option& option, const Json& value) {
  const double magnitude = std::abs(value.get<double>());
  if (option.fallback.is_number_integer())
    return magnitude <= std::max(kMostWhole, option.maximum.value_or(kMostWhole));
  return magnitude == 0 || (magnitude >= kLeastReal && magnitude <= kMostReal);
}

std::string moderate_words(const Option& option) {
  return option.fallback.is_number_integer()
             ? fmt::format(", of at most {:.0f}", kMostWhole)
             : fmt::format(", of a magnitude from {:g} to {:g}{}", kLeastReal, kMostReal,
                           option.minimum && (*option.minimum > 0 || option.above_minimum) ? "" : ", or 0");
}

bool has_type_of(const Json& value, const Json& fallback) {
  if (fallback.is_boolean()) return value.is_boolean();
  if (fallback.is_number_integer())
    return value.is_number_integer() && !(value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX);
  if (fallback.is_number()) return value.is_number() && std::isfinite(value.get<double>());
  return value.is_string();
}

// Whether the text has characters that a terminal acts on, or bytes that are not UTF-8.
bool has_escapes(const Json& value) {
  return !is_printable(value.get_ref<const std::string&>());
}

const Option& option_named(const std::string& name, const OptionTable& table) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Option& option) { return option.name == name; });
  if (found == table.end()) throw std::logic_error(fmt::format("a condition on no option: '{}'", name));
  return *found;
}

}  // namespace

bool OptionCondition::holds(const Json& value) const {
  return one_of == (std::find(values.begin(), values.end(), value) != values.end());
}

std::string OptionCondition::words() const {
  std::vector<std::string> texts;
  for (const Json& value : values) texts.push_back(shown(value));
  return fmt::format("{}{}{}", option, one_of ? "=" : " other than ", fmt::join(texts, " or "));
}

Option Option::integer(std::string name, int64_t fallback, std::string help) {
  return {.name = std::move(name), .fallback = fallback, .help = std::move(help)};
}

Option Option::real(std::string name, double fallback, std::string help) {
  return {.name = std::move(name), .fallback = fallback, .help = std::move(help)};
}

Option Option::flag(std::string name, bool fallback, std::string help) {
  return {.name = std::move(name), .fallback = fallback, .help = std::move(help)};
}

Option Option::text(std::string name, std::string fallback, std::string help) {
  return {.name = std::move(name), .fallback = std::move(fallback), .help = std::move(help)};
}

Option Option::choice(std::string name, std::string fallback, std::vector<std::string> choices,
                      std::string help) {
  Option option = text(std::move(name), std::move(fallback), std::move(help));
  option.choices = std::move(choices);
  return option;
}

Option Option::at_least(double value) && {
  minimum = value;
  return std::move(*this);
}

Option Option::above(double value) && {
  minimum = value;
  above_minimum = true;
  return std::move(*this);
}

Option Option::at_most(double value) && {
  maximum = value;
  return std::move(*this);
}

Option Option::below(double value) && {
  maximum = value;
  below_maximum = true;
  return std::move(*this);
}

Option Option::or_just(double value) && {
  apart = value;
  return std::move(*this);
}

Option Option::added_later() && {
  added = true;
  return std::move(*this);
}

std::string Option::accepts() const {
  if (!choices.empty()) return fmt::format("one of {}", fmt::join(choices, ", "));
  if (fallback.is_boolean()) return "true or false";
  if (fallback.is_string()) return "text";
  std::string words = fallback.is_number_integer() ? "a whole number" : "a number";
  if (minimum)
    words += above_minimum ? fmt::format(" above {}", *minimum) : fmt::format(" of {} or more", *minimum);
  if (maximum)
    words += fmt::format("{} {} {}", minimum ? " and" : "", below_maximum ? "below" : "at most", *maximum);
  if (apart) words += fmt::format(", or {}", *apart);
  return words;
}

bool Option::takes(double number) const {
  if (apart && number == *apart) return true;
  if (minimum && !(above_minimum ? number > *minimum : number >= *minimum)) return false;
  return !maximum || (below_maximum ? number < *maximum : number <= *maximum);
}

namespace {

// A number that stands where text is needed, as the text that would be valid: `write class = "1"`; empty for
// other values.
std::string quoting_hint(const Option& option, const Json& value) {
  const bool forgot_quotes = option.fallback.is_string() && (value.is_number() || value.is_boolean());
  return forgot_quotes && option.choices.empty()
             ? fmt::format("; write {} = \"{}\"", option.name, printable(value.dump(), kMostOfValue))
             : "";
}

// As in a spec: text in quotes where it is no text that is needed; nan and inf by name.
std::string shown_typed(const Json& value, bool text_is_needed) {
  if (value.is_string() && !text_is_needed) return value.dump();
  return value.is_number_float() ? shown(number_to_json(value.get<double>())) : shown(value);
}

}  // namespace

Json Option::checked(const Json& given, std::string_view owner) const {
  const Json value = !choices.empty() && given.is_number_integer() ? Json(given.dump()) : given;
  bool good = has_type_of(value, fallback);
  if (good && value.is_number()) good = takes(value.get<double>());
  if (good && !choices.empty()) {
    const auto text = value.get<std::string>();
    good = std::find(choices.begin(), choices.end(), text) != choices.end();
  }
  const bool extreme = good && value.is_number() && !is_moderate(*this, value);
  const bool escapes = good && value.is_string() && has_escapes(value);
  if (!good || extreme || escapes)
    throw InputError(fmt::format("{}: {} = {} is not valid: it takes {}{}", owner, name,
                                 printable(shown_typed(value, fallback.is_string()), kMostOfValue), accepts(),
                                 extreme   ? moderate_words(*this)
                                 : escapes ? " without control characters"
                                           : quoting_hint(*this, value)));
  return fallback.is_number_float() ? Json(value.get<double>()) : value;
}

OptionTable joined(std::vector<OptionTable> tables) {
  OptionTable all;
  for (OptionTable& table : tables) std::move(table.begin(), table.end(), std::back_inserter(all));
  return all;
}

OptionTable grouped(std::string group, OptionTable table) {
  for (Option& option : table) option.group = group;
  return table;
}

OptionTable with_defaults(OptionTable table, const Json& defaults) {
  const Options checked(table, defaults, "defaults");
  for (Option& option : table) {
    if (!defaults.contains(option.name)) continue;
    option.fallback = checked.json().at(option.name);
    option.added = false;
  }
  return table;
}

std::optional<std::string> missing_for(const std::string& name, const OptionTable& table,
                                       const Json& values) {
  const std::optional<OptionCondition>& condition = option_named(name, table).condition;
  if (!condition) return std::nullopt;
  const std::optional<std::string> before = missing_for(condition->option, table, values);
  if (before) return condition->words() + ", which needs " + *before;
  if (condition->holds(values.at(condition->option))) return std::nullopt;
  return condition->words();
}

std::string shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  // JSON has no such numbers and says null.
  if (value.is_number_float() && !std::isfinite(value.get<double>()))
    return fmt::format("{}", value.get<double>());
  return value.dump();
}

}  // namespace samplerbench
