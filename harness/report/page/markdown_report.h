#pragma once

#include <string>

#include "harness/report/page/document.h"

namespace samplerbench::harness::reporting {

// The document as Markdown, with links to figures/<stem>.<best format>. A note that stands under several
// tables is printed once, under the first of them.
std::string to_report(const Document& document);

}  // namespace samplerbench::harness::reporting
