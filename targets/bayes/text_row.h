#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "targets/bayes/text_lines.h"

namespace samplerbench::targets {

// The number in `text`, or nothing if it is no number. A leading '+' is allowed. A number that is too large
// is infinite.
std::optional<double> parse_number(std::string_view text);

// The whole number in `text`, or nothing if it is none.
std::optional<int64_t> parse_whole_number(std::string_view text);

// The cells of a line, one by one, without the blanks around them. A cell between commas may be quoted; a
// quote inside is written twice.
class Cells {
 public:
  // `separator`: ',' or, for any run of blanks, ' '. The line must outlive this.
  Cells(const Line& line, char separator) : line_(line), rest_(line.text), separator_(separator) {}

  // Returns whether there is another cell; `cell` then views it until the next call. Throws InputError if a
  // quote is not closed or is followed by text.
  bool next(std::string_view& cell);

 private:
  bool next_word(std::string_view& cell);
  std::string_view quoted();
  void pass_separator();

  const Line& line_;
  std::string_view rest_;
  char separator_;
  bool ended_ = false;
  std::string unquoted_;
};

// All cells of a line.
std::vector<std::string> split_cells(const Line& line, char separator);

// How the rows of a table are written.
struct RowFormat {
  char separator = ',';              // as in Cells
  std::vector<std::string> columns;  // their names; a row has a cell for each
};

// A row of a table, read cell by cell. All functions throw InputError; the message names file, line, column
// and value and says what is valid.
class Row {
 public:
  // Both must outlive this object.
  Row(const Line& line, const RowFormat& format)
      : line_(line), format_(format), cells_(line, format.separator) {}

  std::string_view text();  // the next cell as it is, until the next call
  double number();          // the next cell, a finite number within float32's range
  int64_t whole_number(int64_t least, int64_t most);
  void finish();  // checks that there is no other cell

  // Throws InputError "<file>:<line>: column <k> (<name>): '<cell>' <problem>" about the cell that was read
  // last. If the row has a wrong length, the message says that instead, as the likelier cause.
  [[noreturn]] void refuse_cell(std::string_view problem) const;

 private:
  void check_length() const;

  const Line& line_;
  const RowFormat& format_;
  Cells cells_;
  std::string_view cell_;
  size_t taken_ = 0;
};

}  // namespace samplerbench::targets
