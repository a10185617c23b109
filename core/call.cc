#include "core/call.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"

namespace samplerbench {
namespace {

// A command line's word in the type it looks like: true, 3, 0.1, else text.
Json parse_word(const std::string& word) {
  const Json parsed = Json::parse(word, nullptr, /*allow_exceptions=*/false);
  return parsed.is_boolean() || parsed.is_number() ? parsed : Json(word);
}

}  // namespace

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
