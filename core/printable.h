#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samplerbench {

// Text from a file, a spec, a record or a command line, fit for a one-line message on a terminal. Printable
// characters of UTF-8 stay. Control characters and those that change the direction of writing become escapes
// ("\n", "\x1b", "\u202e"), and so do bytes that are not UTF-8 ("\xff"). Text that takes more than `most`
// bytes is cut and ends in "...".
std::string printable(std::string_view text, size_t most = 40);

// Whether printable() leaves the whole text as it is.
bool is_printable(std::string_view text);

// Text for a document, where a browser, a typesetter or an editor must show it and nothing else: a space in
// place of each character that printable() writes as an escape and of those that XML 1.0 forbids, and U+FFFD
// in place of bytes that are not UTF-8.
std::string inert(std::string_view text);

// Printable names with commas between them; after 60 names or 1,500 bytes, how many more there are.
std::string listed(const std::vector<std::string>& names);

// Whether the text is UTF-8: https://www.rfc-editor.org/rfc/rfc3629
bool is_utf8(std::string_view text);

// Why these bytes, a file or a line of one, cannot be read as lines of text: "this is UTF-16, and UTF-8 is
// needed", or the like for lines that end in CR alone and for NUL bytes. Nothing if they can.
std::optional<std::string> text_fault(std::string_view bytes);

}  // namespace samplerbench
