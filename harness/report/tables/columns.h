#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/report/tables/cells.h"
#include "harness/report/tables/table.h"

namespace samplerbench::harness::reporting {

// A column of a table that has one value of type Row for each of its rows.
template <class Row>
struct ColumnOf {
  std::string title;  // for people; empty: not shown to them
  bool number = false;
  std::string csv;  // its name for programs; empty: not in their file
  std::function<Cell(const Row&)> cell;
};

// Sets what people see of a table.
template <class Row>
void fill_shown(Table& table, const std::vector<ColumnOf<Row>>& columns, const std::vector<Row>& rows) {
  for (const ColumnOf<Row>& column : columns)
    if (!column.title.empty()) table.columns.push_back({column.title, column.number});
  for (const Row& row : rows) {
    table.rows.emplace_back();
    for (const ColumnOf<Row>& column : columns)
      if (!column.title.empty()) table.rows.back().push_back(column.cell(row));
  }
}

// Sets what programs read of a table.
template <class Row>
void fill_data(Table& table, const std::vector<ColumnOf<Row>>& columns, const std::vector<Row>& rows) {
  table.data = {{}};
  for (const ColumnOf<Row>& column : columns)
    if (!column.csv.empty()) table.data.front().push_back(column.csv);
  for (const Row& row : rows) {
    table.data.emplace_back();
    for (const ColumnOf<Row>& column : columns)
      if (!column.csv.empty()) table.data.back().push_back(exact_text(column.cell(row)));
  }
}

template <class Row>
void fill(Table& table, const std::vector<ColumnOf<Row>>& columns, const std::vector<Row>& rows) {
  fill_shown(table, columns, rows);
  fill_data(table, columns, rows);
}

}  // namespace samplerbench::harness::reporting
