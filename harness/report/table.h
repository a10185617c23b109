#pragma once

#include <optional>
#include <string>
#include <vector>

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
  std::string name;   // file stem
  std::string title;  // one line
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> notes;  // printed beneath
  std::vector<std::vector<std::string>>
      data;  // for programs, first row the header; empty: the cells as they stand
};

// A pipe table with its title as a heading of the given level and its notes beneath.
std::string to_markdown(const Table& table, int level = 2);

std::string to_csv(const Table& table);

// A booktabs table environment.
std::string to_latex(const Table& table);

// A sortable <table> with its notes, for the page.
std::string to_html(const Table& table);

}  // namespace samplerbench::harness::reporting
