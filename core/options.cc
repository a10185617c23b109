#include "core/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/suggest.h"

namespace samplerbench {
namespace {

std::string shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  // JSON has no such numbers and says null.
  if (value.is_number_float() && !std::isfinite(value.get<double>()))
    return fmt::format("{}", value.get<double>());
  return value.dump();
}

// A command line's word in the type it looks like: true, 3, 0.1, else text.
Json parse_word(const std::string& word) {
  const Json parsed = Json::parse(word, nullptr, /*allow_exceptions=*/false);
  return parsed.is_boolean() || parsed.is_number() ? parsed : Json(word);
}

bool has_type_of(const Json& value, const Json& fallback) {
  if (fallback.is_boolean()) return value.is_boolean();
  if (fallback.is_number_integer())
    return value.is_number_integer() && !(value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX);
  if (fallback.is_number()) return value.is_number() && std::isfinite(value.get<double>());
  return value.is_string();
}

}  // namespace

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
  if (maximum) words += fmt::format("{} at most {}", minimum ? " and" : "", *maximum);
  return words;
}

Json Option::checked(const Json& value, std::string_view owner) const {
  bool good = has_type_of(value, fallback);
  if (good && value.is_number()) {
    const double number = value.get<double>();
    if (minimum) good = above_minimum ? number > *minimum : number >= *minimum;
    if (maximum) good = good && number <= *maximum;
  }
  if (good && !choices.empty()) good = std::find(choices.begin(), choices.end(), value) != choices.end();
  if (!good)
    throw InputError(
        fmt::format("{}: {} = {} is not valid: it takes {}", owner, name, shown(value), accepts()));
  return fallback.is_number_float() ? Json(value.get<double>()) : value;
}

Options::Options(const OptionTable& table, const Json& given, std::string_view owner)
    : values_(Json::object()) {
  for (const Option& option : table)
    values_[option.name] =
        given.contains(option.name) ? option.checked(given.at(option.name), owner) : option.fallback;
  for (const auto& [name, value] : given.items()) {
    if (values_.contains(name)) continue;
    std::vector<std::string> known;
    for (const Option& option : table) known.push_back(option.name);
    throw InputError(unknown_name(fmt::format("option of {}", owner), name, known));
  }
}

Json recorded_options(const OptionTable& table, const Options& options) {
  Json recorded = options.json();
  for (const Option& option : table)
    if (option.added && recorded.at(option.name) == option.fallback) recorded.erase(option.name);
  return recorded;
}

Call parse_call(std::string_view text) {
  const size_t colon = text.find(':');
  Call call{.name = std::string(text.substr(0, colon))};
  if (call.name.empty()) throw InputError(fmt::format("'{}': a name is missing before the options", text));
  if (colon == std::string_view::npos) return call;
  std::string_view rest = text.substr(colon + 1);
  while (true) {
    const size_t comma = rest.find(',');
    const std::string_view pair = rest.substr(0, comma);
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0)
      throw InputError(fmt::format("'{}': '{}' is not of the form option=value", text, pair));
    const std::string option(pair.substr(0, equals));
    if (call.options.contains(option))
      throw InputError(fmt::format("'{}': option {} is given twice", text, option));
    call.options[option] = parse_word(std::string(pair.substr(equals + 1)));
    if (comma == std::string_view::npos) return call;
    rest = rest.substr(comma + 1);
  }
}

std::string describe_call(const std::string& name, const OptionTable& table, const Json& options) {
  std::vector<std::string> pairs;
  for (const Option& option : table)
    if (options.contains(option.name) && options.at(option.name) != option.fallback)
      pairs.push_back(option.name + "=" + shown(options.at(option.name)));
  return pairs.empty() ? name : fmt::format("{}:{}", name, fmt::join(pairs, ","));
}

}  // namespace samplerbench
