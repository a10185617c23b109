#include "core/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace samplerbench {
namespace {

// A character of UTF-8 text. Its length is 0 if the bytes are not UTF-8.
struct Character {
  size_t length = 0;
  uint32_t code = 0;
};

// The first character of `text`, which is not empty.
Character first_character(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
  const uint32_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  uint32_t code = lead & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < kLeast[length] || code > 0x10ffff || surrogate ? Character{} : Character{length, code};
}

// Whether a terminal acts on the character instead of showing it: controls, line and paragraph separators,
// and marks of the direction of writing.
bool acts(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

std::string escape_of(uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
  }
}

// How many bytes of every `stride`, beginning with `first`, are NUL.
size_t nuls(std::string_view bytes, size_t first, size_t stride) {
  size_t count = 0;
  for (size_t i = first; i < bytes.size(); i += stride) count += bytes[i] == '\0' ? 1 : 0;
  return count;
}

// The encoding that the bytes of a text file show by a byte order mark or by NUL bytes; empty for none.
std::string_view wide_encoding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv)) return "UTF-32";
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return "UTF-16";
  const std::string_view some = bytes.substr(0, 1024);
  const size_t most = std::max(nuls(some, 0, 2), nuls(some, 1, 2));
  return most > 0 && 8 * most > 3 * some.size() ? "UTF-16" : "";
}

}  // namespace

std::string printable(std::string_view text, size_t most) {
  std::string shown;
  while (!text.empty()) {
    const Character character = first_character(text);
    const size_t length = std::max<size_t>(character.length, 1);
    std::string piece(text.substr(0, length));
    if (character.length == 0)
      piece = escape_of(static_cast<unsigned char>(text[0]));
    else if (acts(character.code))
      piece = escape_of(character.code);
    if (shown.size() + piece.size() > most) return shown + "...";
    shown += piece;
    text.remove_prefix(length);
  }
  return shown;
}

bool is_printable(std::string_view text) { return printable(text, std::string::npos) == text; }

std::string inert(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto [length, code] = first_character(text);
    if (length == 0)
      shown += "\xef\xbf\xbd";
    else if (acts(code) || code == 0xfffe || code == 0xffff)
      shown += ' ';
    else
      shown += text.substr(0, length);
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return shown;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kMostNames = 60, kMostBytes = 1500;
  std::string list;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i == kMostNames || list.size() > kMostBytes)
      return list + fmt::format(" and {} more", names.size() - i);
    list += (i == 0 ? "" : ", ") + printable(names[i]);
  }
  return list;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = first_character(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<std::string> text_fault(std::string_view bytes) {
  const std::string_view encoding = wide_encoding(bytes);
  if (!encoding.empty()) return fmt::format("this is {}, and UTF-8 is needed", encoding);
  if (bytes.find('\0') != std::string_view::npos) return "a NUL byte: this is no text";
  for (size_t at = 0; (at = bytes.find('\r', at)) != std::string_view::npos; ++at)
    if (at + 1 == bytes.size() || bytes[at + 1] != '\n')
      return "a carriage return (CR) without a line feed (LF); lines must end in LF or in CR LF";
  return std::nullopt;
}

}  // namespace samplerbench
