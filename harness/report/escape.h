#pragma once

#include <string>
#include <string_view>

namespace samplerbench::harness::reporting {

// Text from a spec or a record, made harmless for where it goes. Line ends become spaces everywhere.
std::string escape_html(std::string_view text);      // for element content and quoted attributes
std::string escape_markdown(std::string_view text);  // for a paragraph or a table cell
std::string escape_latex(
    std::string_view text);  // for text mode; also turns ± × † and superscripts into LaTeX
std::string escape_csv(std::string_view text);      // one field, quoted where needed (RFC 4180)
std::string gnuplot_string(std::string_view text);  // a single-quoted string literal, quotes included

// `text` as a file name: letters, digits, '.', '-' and '_' stay, all else becomes '-'. Never empty, no
// leading '.'.
std::string file_stem(std::string_view text);

std::string base64(std::string_view bytes);

}  // namespace samplerbench::harness::reporting
