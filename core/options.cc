#include "core/options.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"
#include "core/suggest.h"

namespace samplerbench {

Options Options::resolved(const OptionTable& table, const Json& values, std::string_view owner) {
  Options options;
  for (const Option& option : table)
    options.values_[option.name] =
        values.contains(option.name) ? option.checked(values.at(option.name), owner) : option.fallback;
  for (const auto& [name, value] : values.items()) {
    if (options.values_.contains(name)) continue;
    std::vector<std::string> known;
    for (const Option& option : table) known.push_back(option.name);
    throw InputError(fmt::format("{}: {}", owner, unknown_name("option", name, known)));
  }
  return options;
}

Options::Options(const OptionTable& table, const Json& given, std::string_view owner)
    : Options(resolved(table, given, owner)) {
  for (const auto& [name, value] : given.items())
    if (const auto missing = missing_for(name, table, values_))
      throw InputError(fmt::format("{}: {} = {} has no effect: it needs {}", owner, name,
                                   printable(shown(value), 80), *missing));
}

Json recorded_options(const OptionTable& table, const Options& options) {
  Json recorded = options.json();
  for (const Option& option : table)
    if (option.added && recorded.at(option.name) == option.fallback) recorded.erase(option.name);
  return recorded;
}

}  // namespace samplerbench
