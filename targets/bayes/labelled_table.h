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
  std::optional<size_t> ignored;  // a column to skip, such as a row number
};

// Reads a table without a header line; features are z-scored. The description says which class is +1. Throws
// InputError for ragged rows, for cells that are not finite numbers, and for classes as TwoClasses does; the
// message names file, line, column and value.
Dataset read_table(const DataFiles& files, const std::string& name, const TableLayout& layout,
                   TwoClasses classes);

// Reads comma-separated values with a header line; features are z-scored. The column `label` holds two
// classes of any kind. Throws InputError as read_table does, and if `label` is no column or a column's name
// is missing or repeated.
Dataset read_csv(const DataFiles& files, const std::string& name, const std::string& label);

}  // namespace samplerbench::targets
