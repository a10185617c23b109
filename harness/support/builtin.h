#pragma once

#include <map>
#include <string>

namespace samplerbench::harness {

// The specs of harness/experiments/ and of harness/fits/ by name, compiled in, so that a program finds them
// wherever it is installed.
const std::map<std::string, std::string>& builtin_experiments();
const std::map<std::string, std::string>& builtin_fits();

// What `samplerbench new` writes, with words in place of names: the files of harness/skeletons/ without their
// ".in", and tests/foreign/ula.py.
const std::map<std::string, std::string>& builtin_skeletons();

// harness/report/page/page.css and page.js, and Chart.js as the system that built this program has it.
const std::string& page_style();        // light, dark and print
const std::string& page_script();       // the page's own behaviour
const std::string& plotting_library();  // defines Chart

}  // namespace samplerbench::harness
