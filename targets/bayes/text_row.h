#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "targets/bayes/text_lines.h"

namespace samplerbench::targets {

// The number that `text` is, a leading '+' allowed; infinite where it is too large for one. Empty where it is
// no number.
std::optional<double> parse_number(std::string_view text);

// The whole number that `text` is. Empty where it is none.
std::optional<int64_t> parse_whole_number(std::string_view text);

// The cells of a line, one after another, without the blanks around them. Cells between commas may be quoted,
// with a quote written twice inside.
class Cells {
 public:
  // `separator`: ',' or, for any run of blanks, ' '. The line must outlive this.
  Cells(const Line& line, char separator) : line_(line), rest_(line.text), separator_(separator) {}

  // Whether there is a further cell, which `cell` then views until the next call. Throws InputError where a
  // quote is not closed or text follows it.
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

// A row of a table, read cell by cell. Everything here throws InputError that names file, line, column and
// value, and what would be valid.
class Row {
 public:
  // Both must outlive this.
  Row(const Line& line, const RowFormat& format)
      : line_(line), format_(format), cells_(line, format.separator) {}

  std::string_view text();  // the next cell as it is, until the next call
  double number();          // the next cell, a finite number within float32's range
  int64_t whole_number(int64_t least, int64_t most);
  void finish();  // there is no further cell

  // "<file>:<line>: column <k> (<name>): '<cell>' <problem>", of the cell that was read last; or the row's
  // length where that is wrong, which is then the likelier cause.
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
