#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "harness/report/page/document.h"

namespace samplerbench::harness::reporting {

// Pictures that would make a page longer are left to their files, in bytes. Without pictures a page may be
// longer.
inline constexpr size_t kPageLimit = 3'000'000;

// One self-contained HTML page: style, scripts, `data` (page_data) and figures (read from `folder`/figures)
// inline, nothing from a network, which a Content-Security-Policy forbids with all scripts and styles but
// these. First the answer, which the page's script makes from `data`, and the warnings, then sections. A note
// that stands under several tables is printed once, under the first of them.
std::string to_page(const Document& document, const std::string& data, const std::filesystem::path& folder);

}  // namespace samplerbench::harness::reporting
