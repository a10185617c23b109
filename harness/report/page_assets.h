#pragma once

#include <string_view>

namespace samplerbench::harness::reporting {

extern const std::string_view page_style;   // CSS, light and dark
extern const std::string_view page_script;  // sorts tables by a click on a column's head

}  // namespace samplerbench::harness::reporting
