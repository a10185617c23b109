#include "harness/support/escape.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <utility>

#include "core/printable.h"

namespace samplerbench::harness {
namespace {

using Replacement = std::pair<std::string_view, std::string_view>;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

template <size_t N>
std::string replace_all(std::string_view raw, const std::array<Replacement, N>& replacements) {
  const std::string shown = inert(raw);
  const std::string_view text = shown;
  std::string result;
  for (size_t i = 0; i < text.size();) {
    size_t length = 1;
    std::string_view piece = text.substr(i, 1);
    for (const auto& [from, to] : replacements) {
      if (text.substr(i, from.size()) != from) continue;
      piece = to;
      length = from.size();
      break;
    }
    result += piece;
    i += length;
  }
  return result;
}

constexpr std::array<Replacement, 5> kHtmlReplacements{
    {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}}};

constexpr std::array<Replacement, 12> kMarkdownReplacements{{{"\\", "\\\\"},
                                                             {"|", "\\|"},
                                                             {"*", "\\*"},
                                                             {"`", "\\`"},
                                                             {"[", "\\["},
                                                             {"]", "\\]"},
                                                             {"~", "\\~"},
                                                             {"$", "\\$"},
                                                             {"#", "\\#"},
                                                             {"&", "&amp;"},
                                                             {"<", "&lt;"},
                                                             {">", "&gt;"}}};

constexpr std::array<Replacement, 44> kLatexReplacements{{{"\\", "\\textbackslash{}"},
                                                          {"&", "\\&"},
                                                          {"%", "\\%"},
                                                          {"$", "\\$"},
                                                          {"#", "\\#"},
                                                          {"_", "\\_"},
                                                          {"{", "\\{"},
                                                          {"}", "\\}"},
                                                          {"~", "\\textasciitilde{}"},
                                                          {"^", "\\textasciicircum{}"},
                                                          {"<", "\\textless{}"},
                                                          {">", "\\textgreater{}"},
                                                          {"|", "\\textbar{}"},
                                                          {"\"", "''"},
                                                          {"[", "{[}"},
                                                          {"→", "$\\to$"},
                                                          {"±", "$\\pm$"},
                                                          {"×", "$\\times$"},
                                                          {"†", "$^{\\dagger}$"},
                                                          {"‡", "$^{\\ddagger}$"},
                                                          {"≤", "$\\le$"},
                                                          {"↓", "$\\downarrow$"},
                                                          {"↑", "$\\uparrow$"},
                                                          {"§", "\\S{}"},
                                                          {"¶", "\\P{}"},
                                                          {"‖", "$\\Vert$"},
                                                          {"≥", "$\\ge$"},
                                                          {"∞", "$\\infty$"},
                                                          {"µ", "$\\mu$"},
                                                          {"°", "$^{\\circ}$"},
                                                          {"—", "---"},
                                                          {"–", "--"},
                                                          {"−", "$-$"},
                                                          {"⁻", "$^{-}$"},
                                                          {"⁰", "$^{0}$"},
                                                          {"¹", "$^{1}$"},
                                                          {"²", "$^{2}$"},
                                                          {"³", "$^{3}$"},
                                                          {"⁴", "$^{4}$"},
                                                          {"⁵", "$^{5}$"},
                                                          {"⁶", "$^{6}$"},
                                                          {"⁷", "$^{7}$"},
                                                          {"⁸", "$^{8}$"},
                                                          {"⁹", "$^{9}$"}}};

constexpr std::array<Replacement, 1> kTicReplacements{{{"%", "%%"}}};

// Bytes of a text within a picture, whose tags are searched by code that recurses once a letter.
constexpr size_t kLongestString = 2000;

// Whether a spreadsheet computes the text.
bool is_formula(std::string_view text) {
  if (text.empty() || std::string_view("=+-@").find(text.front()) == std::string_view::npos) return false;
  const std::string_view rest = text.substr(1);
  double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  const bool is_number = end == rest.data() + rest.size() && error != std::errc::invalid_argument;
  return !is_number || text.front() == '=' || text.front() == '@';
}

// Bytes of the letter of UTF-8 that begins there.
size_t letter_length(std::string_view text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  return std::min(length, text.size() - at);
}

// A letter that is not ASCII: as it is where LaTeX knows it without further packages, which are Latin-1's
// with accents; Greek as mathematics; else its code, "U+65E5", so that every text compiles.
std::string latex_letter(const std::string& letter) {
  static constexpr std::array<const char*, 25> kGreek{
      "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
      "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "varsigma",
      "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};
  uint32_t code = static_cast<unsigned char>(letter[0]) & (0xFFU >> (letter.size() + 1));
  for (size_t i = 1; i < letter.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(letter[i]) & 0x3FU);
  const bool needs_fonts = code == 0xD0 || code == 0xDE || code == 0xF0 || code == 0xFE;
  if (code >= 0xC0 && code <= 0xFF && !needs_fonts) return letter;
  if (code == 0x3BF) return "o";
  if (code >= 0x3B1 && code <= 0x3C9) return fmt::format("$\\{}$", kGreek[code - 0x3B1]);
  return fmt::format("U+{:04X}", code);
}

// Bytes of other than ASCII characters, and those that have no meaning within double quotes.
bool stands_for_itself(char c) { return is_word(c) || c == ' ' || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

std::string escape_html(std::string_view text) { return replace_all(text, kHtmlReplacements); }

std::string escape_markdown(std::string_view text) {
  const std::string escaped = replace_all(text, kMarkdownReplacements);
  std::string result;
  for (size_t i = 0; i < escaped.size(); ++i) {
    const bool inside_word =
        i > 0 && i + 1 < escaped.size() && is_word(escaped[i - 1]) && is_word(escaped[i + 1]);
    if (escaped[i] == '_' && !inside_word) result += '\\';
    result += escaped[i];
  }
  return result;
}

std::string escape_latex(std::string_view text) {
  std::string result;
  const std::string escaped = replace_all(text, kLatexReplacements);
  for (size_t i = 0; i < escaped.size();) {
    const size_t length = letter_length(escaped, i);
    result += length == 1 ? std::string(1, escaped[i]) : latex_letter(escaped.substr(i, length));
    i += length;
  }
  return result;
}

std::string escape_csv(std::string_view raw) {
  const std::string text = (is_formula(raw) ? "'" : "") + inert(raw);
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string gnuplot_string(std::string_view text) {
  const std::string plain = printable(inert(text), kLongestString);
  if (plain.find('\'') == std::string::npos) return "'" + plain + "'";
  std::string quoted = "\"";
  for (const char c : plain)
    quoted +=
        stands_for_itself(c) ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  return quoted + "\"";
}

std::string gnuplot_tic(std::string_view text) { return gnuplot_string(replace_all(text, kTicReplacements)); }

std::string shell_word(std::string_view text) {
  std::string inside;
  for (const char c : text) inside += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + inside + "'";
}

std::string file_name_of(std::string_view label) {
  std::string name(label);
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) {
        return !std::isalnum(c) &&
               std::string_view(".,=-_").find(static_cast<char>(c)) == std::string_view::npos;
      },
      '_');
  if (name.find_first_not_of('.') == std::string::npos) name = "_" + name;
  return name;
}

std::string file_stem(std::string_view text) {
  std::string result;
  for (const char c : text) result += is_word(c) || c == '.' || c == '-' || c == '_' ? c : '-';
  if (result.empty() || result.front() == '.') result.insert(result.begin(), '-');
  return result;
}

}  // namespace samplerbench::harness
