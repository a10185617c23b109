#include "harness/commands/description.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "core/printable.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kColumns = 100;
constexpr size_t kNameColumns = 19, kValueColumns = 11;

std::string cell(const Json& value) { return value == "" ? "\"\"" : shown(value); }

// "0 to 1", "> 0", ">= 2", "> 0, < 1"; empty where every number is valid.
std::string bound_words(const Option& option) {
  if (option.minimum && option.maximum && !option.above_minimum && !option.below_maximum)
    return fmt::format("{:g} to {:g}", *option.minimum, *option.maximum);
  std::string words;
  if (option.minimum) words = fmt::format("{} {:g}", option.above_minimum ? ">" : ">=", *option.minimum);
  if (option.maximum)
    words += fmt::format("{}{} {:g}", words.empty() ? "" : ", ",
                         option.below_maximum ? "<" : "<=", *option.maximum);
  return words;
}

// The interval and the number beside it, ">= 2, or 0", or the choices, "a, b, c"; empty where the default
// says it all.
std::string range_words(const Option& option) {
  if (!option.choices.empty()) return fmt::format("{}", fmt::join(option.choices, ", "));
  return bound_words(option) + (option.apart ? fmt::format(", or {:g}", *option.apart) : "");
}

std::string help_words(const Option& option) {
  const std::string needs = option.condition ? "with " + option.condition->words() + ": " : "";
  const std::string range = range_words(option);
  return needs + option.help + (range.empty() ? "" : fmt::format(" [{}]", range));
}

// "2.6", "(-2, 0)", "(-2, 0), (2, 0)".
std::string constant_words(const Json& value) {
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  if (!value.is_array()) return shown(value);
  std::vector<std::string> words;
  for (const Json& one : value)
    words.push_back(one.is_number() ? fmt::format("{:.9g}", one.get<double>()) : constant_words(one));
  const std::string joined = fmt::format("{}", fmt::join(words, ", "));
  return value.front().is_number() ? "(" + joined + ")" : joined;
}

const Option& named(const std::string& name, const OptionTable& table) {
  return *std::find_if(table.begin(), table.end(), [&](const Option& one) { return one.name == name; });
}

bool is_essential(const Option& option, const Description& description) {
  const std::vector<std::string>& essential = description.essential;
  return essential.empty() || std::find(essential.begin(), essential.end(), option.name) != essential.end();
}

}  // namespace

std::string beside(const std::string& start, const std::string& words) {
  const std::string text = printable(words, std::string::npos);
  std::string lines = start;
  size_t column = start.size();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    if (column + 1 + end - begin > kColumns && column > start.size()) {
      lines += "\n" + std::string(start.size(), ' ');
      column = start.size();
    }
    lines += " " + text.substr(begin, end - begin);
    column += 1 + end - begin;
    begin = end + 1;
  }
  return lines + "\n";
}

Json to_json(const Description& description) {
  Json options = Json::array();
  for (const Option& option : description.options) {
    Json json{{"name", option.name},
              {"default", option.fallback},
              {"accepts", option.accepts()},
              {"help", option.help},
              {"essential", is_essential(option, description)}};
    if (!option.group.empty()) json["group"] = option.group;
    if (option.condition) json["needs"] = option.condition->words();
    options.push_back(std::move(json));
  }
  Json json{{"kind", description.kind},         {"name", description.name},
            {"summary", description.summary},   {"citation", description.citation},
            {"revision", description.revision}, {"options", options}};
  if (!description.preset_of.empty()) {
    json["preset_of"] = description.preset_of;
    json["preset"] = description.preset;
  }
  json.update(description.more);
  return json;
}

std::string definition_lines(const Json& definition) {
  std::vector<std::string> constants;
  for (const auto& [name, value] : definition.at("constants").items())
    constants.push_back(fmt::format("{} = {}", name, constant_words(value)));
  return beside("  density:", definition.at("density").get<std::string>()) +
         beside("  constants:", fmt::format("{}", fmt::join(constants, "; "))) +
         beside("  modes:", definition.at("modes").get<std::string>());
}

std::string option_lines(const OptionTable& options) {
  std::string lines, group;
  for (const Option& option : options) {
    if (option.group != group) lines += "  " + option.group + "\n";
    group = option.group;
    lines += beside(
        fmt::format("    {:<{}} {:<{}}", option.name, kNameColumns, cell(option.fallback), kValueColumns),
        help_words(option));
  }
  return lines;
}

OptionTable essential_options(const Description& description) {
  OptionTable essential;
  std::copy_if(description.options.begin(), description.options.end(), std::back_inserter(essential),
               [&](const Option& option) { return is_essential(option, description); });
  return essential;
}

std::string preset_lines(const Description& description) {
  std::string lines = fmt::format("    {:<{}} {:<{}} {}\n", "option", kNameColumns, "here", kValueColumns,
                                  description.preset_of);
  for (const Option& option : description.options) {
    if (!description.preset.contains(option.name)) continue;
    const Json& before = named(option.name, description.preset_options).fallback;
    lines += beside(fmt::format("    {:<{}} {:<{}} {:<{}}", option.name, kNameColumns, cell(option.fallback),
                                kValueColumns, cell(before), kValueColumns),
                    option.help);
  }
  return lines;
}

}  // namespace samplerbench::harness
