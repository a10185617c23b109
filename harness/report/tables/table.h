#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {

// One cell of a table as people read it. All text is raw; each writer escapes it for its format.
struct Cell {
  std::string text;
  std::string note = {};             // beside the text: a failed status, a reason
  std::optional<double> order = {};  // what the page sorts by; the text where empty
  bool best = false;                 // bold
  bool tied = false;                 // italic: not distinguishable from the best
  bool at_floor = false;             // dagger
  bool below_floor = false;          // double dagger
};

struct Column {
  std::string title;
  bool number = false;  // right-aligned
};

struct Table {
  std::string name;      // file stem
  std::string title;     // one line
  std::string csv = {};  // stem of the CSV file, which tables of one header may share; empty: the name
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> notes;              // printed beneath
  std::vector<std::vector<std::string>> data;  // for programs; first the header
  bool folded = false;  // few readers need it: a page and a report.md show its title, and the rest on request

  std::string csv_stem() const { return file_stem(csv.empty() ? name : csv); }
};

// A pipe table alone.
std::string markdown_rows(const Table& table);

// The same with its title as a heading and its notes beneath.
std::string to_markdown(const Table& table);

// One line a row; with a header or without.
std::string to_csv(const Table& table, bool header = true);

// For an A4 article with margins of 2.5 cm: a booktabs table, or longtables of columns that wrap where it is
// too wide or too long, in several parts where need be. See latex.cc.
std::string to_latex(const Table& table);

// A sortable <table> without its notes, for the page.
std::string to_html(const Table& table);

}  // namespace samplerbench::harness::reporting
