#pragma once

#include <string>
#include <string_view>

namespace samplerbench::harness {

// Text from a spec or a record as part of another document. Line ends, other control characters and marks of
// the direction of writing become spaces everywhere but in words of shells: see inert() of core/printable.h.

// For element content and quoted attributes.
std::string escape_html(std::string_view text);

// For a paragraph or a table cell.
std::string escape_markdown(std::string_view text);

// For text mode; ± × † and superscripts become LaTeX.
std::string escape_latex(std::string_view text);

// One field, quoted where needed (RFC 4180). A text that a spreadsheet would take for a formula, which begins
// with '=', '+', '-' or '@' and is no number, gets an apostrophe before it.
std::string escape_csv(std::string_view text);

// A string literal, quotes included: single quotes, within which nothing has a meaning, but double quotes and
// octal codes where the text has an apostrophe, since gnuplot takes two of them at the start for an empty
// string. A text of more than 2,000 bytes is cut and ends in "...".
std::string gnuplot_string(std::string_view text);

// The same for the label of a tic, which gnuplot takes for a format of its number.
std::string gnuplot_tic(std::string_view text);

// One word of a shell's command line, in single quotes, within which nothing has a meaning.
std::string shell_word(std::string_view text);

// A label as part of a record's path: letters, digits and .,=-_ stay, each other byte becomes '_'.
std::string file_name_of(std::string_view label);

// `text` as a file name: letters, digits, '.', '-' and '_' stay, all else becomes '-'. It is never empty and
// never begins with '.'.
std::string file_stem(std::string_view text);

}  // namespace samplerbench::harness
