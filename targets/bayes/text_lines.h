#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/printable.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// A line of a text file, without its ending. The views are valid during the call that takes the line.
struct Line {
  std::string_view text;
  int64_t number;         // from 1
  std::string_view file;  // as messages name it
};

// Passes the lines of the file `name` to `take` one by one and holds one line at a time. The file may have
// Windows line endings, no ending after the last line, and blank lines at its end. Throws InputError if the
// file has only blank lines, a blank line between others, a line of more than 16 MiB, or lines that are no
// text (UTF-16, CR alone as line ends, NUL bytes).
void read_lines(const DataFiles& files, const std::string& name,
                const std::function<void(const Line&)>& take);

// Throws InputError: "<file>:<line>: <problem>".
[[noreturn]] void refuse(const Line& line, std::string_view problem);

}  // namespace samplerbench::targets
