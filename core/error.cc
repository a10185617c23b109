#include "core/error.h"

#include <algorithm>
#include <cctype>

namespace samplerbench {
namespace {

constexpr std::string_view kBlank = " \t\r";
constexpr std::string_view kTrace = "(most recent call last):";  // the end of its title

// Takes the next line off `text`. Without blanks at its end.
std::string_view next_line(std::string_view& text) {
  const size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  line.remove_suffix(line.size() - (line.find_last_not_of(kBlank) + 1));
  return line;
}

// Whether the line begins with the name of an exception: "RuntimeError: why", "builtins.ValueError: why",
// "KeyboardInterrupt".
bool names_exception(std::string_view line) {
  const std::string_view name = line.substr(0, line.find(": "));
  const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '_' || letter == '.';
  });
  const auto ends = [&](std::string_view end) { return name.ends_with(end); };
  return is_name && (ends("Error") || ends("Exception") || ends("Exit") || ends("Interrupt"));
}

}  // namespace

std::string traced_error(std::string_view text) {
  const size_t title = text.rfind(kTrace);
  if (title == std::string_view::npos) return {};
  text.remove_prefix(title + kTrace.size());
  std::string_view first;  // that is not indented, as lines of a trace are
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (names_exception(line)) return std::string(line);
    if (first.empty() && line.find_first_not_of(kBlank) == 0) first = line;
  }
  return std::string(first);
}

std::string telling_line(std::string_view text) {
  std::string line = traced_error(text);
  while (line.empty() && !text.empty()) {
    const std::string_view next = next_line(text);
    if (!next.empty()) line = next.substr(next.find_first_not_of(kBlank));
  }
  return line;
}

std::string brief(const std::exception& error) { return telling_line(error.what()); }

}  // namespace samplerbench
