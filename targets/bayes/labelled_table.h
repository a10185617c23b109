#pragma once

#include <optional>
#include <string>
#include <vector>

#include "targets/bayes/dataset.h"
#include "targets/bayes/text_row.h"
#include "targets/bayes/two_classes.h"

namespace samplerbench::targets {

// A table of numbers in which one column holds the classes.
struct TableLayout {
  RowFormat format;
  size_t label = 0;               // which column holds the classes, from 0
  std::optional<size_t> ignored;  // a column that says nothing: a number of the row
};

// Reads a table without a header, with z-scored features. The description says which class is +1.
// Throws InputError that names file, line, column and value for ragged rows and whatever is not a finite
// number, and for classes as TwoClasses does.
Dataset read_table(const DataFiles& files, const std::string& name, const TableLayout& layout,
                   TwoClasses classes);

// Reads comma-separated values with a header line, of which the column `label` holds two classes of any kind,
// with z-scored features. Throws InputError as read_table does, and for a label that is no column and for
// names that are missing or stand twice.
Dataset read_csv(const DataFiles& files, const std::string& name, const std::string& label);

}  // namespace samplerbench::targets
