#pragma once

#include <map>
#include <string>

namespace samplerbench::harness {

// The specs of harness/experiments/ and of harness/fits/ by name, compiled in, so that a program finds them
// wherever it is installed.
const std::map<std::string, std::string>& builtin_experiments();
const std::map<std::string, std::string>& builtin_fits();

// harness/report/page/page.css and page.js.
const std::string& page_style();   // light and dark
const std::string& page_script();  // sorts tables by a click on a column's head

}  // namespace samplerbench::harness
