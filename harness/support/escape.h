#pragma once

#include <string>
#include <string_view>

namespace samplerbench::harness {

// Text from a spec or a record as part of another document. Line ends become spaces everywhere.

// For element content and quoted attributes.
std::string escape_html(std::string_view text);

// For a paragraph or a table cell.
std::string escape_markdown(std::string_view text);

// For text mode; ± × † and superscripts become LaTeX.
std::string escape_latex(std::string_view text);

// One field, quoted where needed (RFC 4180).
std::string escape_csv(std::string_view text);

// A single-quoted string literal, quotes included.
std::string gnuplot_string(std::string_view text);

// `text` as a file name: letters, digits, '.', '-' and '_' stay, all else becomes '-'. It is never empty and
// never begins with '.'.
std::string file_stem(std::string_view text);

}  // namespace samplerbench::harness
