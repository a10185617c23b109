#pragma once

#include <filesystem>
#include <string>

#include "harness/report/page/document.h"

namespace samplerbench::harness::reporting {

// One self-contained HTML page: style, script and figures (read from `folder`/figures) inline, nothing from a
// network. A note that stands under several tables is printed once, under the first of them.
std::string to_page(const Document& document, const std::filesystem::path& folder);

}  // namespace samplerbench::harness::reporting
