#include "targets/foreign/stan_data.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "core/error.h"
#include "core/json.h"

namespace samplerbench::targets {
namespace {

constexpr std::array<std::string_view, 3> kNotFinite{"Infinity", "Inf", "NaN"};

// The word for a number that is not finite with which `text` begins; empty where it begins with none.
std::string_view word_at(std::string_view text) {
  for (const std::string_view word : kNotFinite)
    if (text.starts_with(word)) return word;
  return {};
}

// The document with 0 in place of numbers that are not finite.
std::string with_finite_numbers(std::string_view text) {
  std::string plain;
  bool in_string = false;
  while (!text.empty()) {
    size_t length = 1;
    if (in_string && text.front() == '\\' && text.size() > 1) length = 2;
    const std::string_view word = in_string ? std::string_view() : word_at(text);
    if (text.front() == '"') in_string = !in_string;
    if (word.empty())
      plain += text.substr(0, length);
    else
      plain += '0';
    text.remove_prefix(word.empty() ? length : word.size());
  }
  return plain;
}

}  // namespace

std::string read_stan_data(const std::string& name, const DataFiles& files) {
  std::string text = read_all(name, files);
  const std::string shown = files.shown(name);
  if (text.empty()) throw InputError(fmt::format("{}: is empty; a JSON document is needed", shown));
  Json document;
  try {
    document = parse_json(with_finite_numbers(text));
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", shown, error.what()));
  }
  if (!document.is_object())
    throw InputError(
        fmt::format("{}: data of a Stan model are one JSON object, from names to values", shown));
  return text;
}

}  // namespace samplerbench::targets
