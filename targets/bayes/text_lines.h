#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "targets/data_files.h"

namespace samplerbench::targets {

// A line of a text file, without its ending. The views hold while the line is being taken.
struct Line {
  std::string_view text;
  int64_t number;         // from 1
  std::string_view file;  // as messages name it
};

// Hands the lines of the file called `name` to `take`, one by one, as the file is read: no more of it is held
// than a line. Line endings may be Windows', the last may be missing, and blank lines may follow the last
// row. Throws InputError where there is nothing but blank lines, where one stands between others, and where a
// line is too long for text (16 MiB).
void read_lines(const DataFiles& files, const std::string& name,
                const std::function<void(const Line&)>& take);

// Throws InputError: "<file>:<line>: <problem>".
[[noreturn]] void refuse(const Line& line, std::string_view problem);

// Any text as messages may hold it: cut to 40 bytes, with '?' for all that is not printable ASCII.
std::string printable(std::string_view text);

}  // namespace samplerbench::targets
