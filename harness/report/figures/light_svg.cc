#include "harness/report/figures/light_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

namespace samplerbench::harness::reporting {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

// A tag with coordinates to a tenth of a pixel and colours as "#333333" instead of "rgb( 51,  51,  51)".
std::string light_tag(const std::string& tag) {
  static const std::regex hundredth(R"((\d\.\d)\d\b)"), whole(R"((\d)\.0\b)"),
      colour(R"(rgb\( *(\d+), *(\d+), *(\d+)\))");
  std::string text = std::regex_replace(std::regex_replace(tag, hundredth, "$1"), whole, "$1");
  std::smatch match;
  while (std::regex_search(text, match, colour))
    text = match.prefix().str() +
           fmt::format("#{:02x}{:02x}{:02x}", std::stoi(match[1]), std::stoi(match[2]), std::stoi(match[3])) +
           match.suffix().str();
  return text;
}

// Changes tags alone, since what stands between them is text.
std::string with_light_tags(const std::string& svg) {
  std::string result;
  size_t at = 0;
  for (size_t open = 0; (open = svg.find('<', at)) != std::string::npos;) {
    const size_t close = std::min(svg.find('>', open), svg.size() - 1) + 1;
    const std::string tag = svg.substr(open, close - open);
    result += svg.substr(at, open - at) + (tag.starts_with("<?") ? tag : light_tag(tag));
    at = close;
  }
  return result + svg.substr(at);
}

}  // namespace

std::string light_svg(std::string svg) {
  // Attributes that every group repeats; they move to the outermost group.
  static const std::string shared = R"( stroke-linecap="round" stroke-linejoin="round")";
  static const std::string font = R"( font-family="Helvetica")";
  static const std::string outermost = R"(<g id="gnuplot_canvas")";
  for (const std::string& one : {shared, font}) replace_all(svg, one, "");
  replace_all(svg, R"(<g fill="none" color="black")", R"(<g fill="none")");
  replace_all(svg, outermost, outermost + shared + R"( font-family="Helvetica,Arial,sans-serif")");

  static const std::vector<std::pair<std::regex, std::string>> rules{
      {std::regex(R"(\s*<filter[\s\S]*?</filter>)"), ""},
      {std::regex(R"(<g\b[^>]*>\s*</g>\s*)"), ""},
      {std::regex(R"(<tspan\s*>([^<]*)</tspan>)"), "$1"},
      {std::regex(R"(\s*\n\s*)"), "\n"},
  };
  for (const auto& [pattern, replacement] : rules) svg = std::regex_replace(svg, pattern, replacement);
  return with_light_tags(svg);
}

}  // namespace samplerbench::harness::reporting
