#include "targets/bayes/labelled_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "core/error.h"
#include "core/suggest.h"
#include "targets/bayes/feature_matrix.h"

namespace samplerbench::targets {
namespace {

class TableReader {
 public:
  TableReader(TableLayout layout, TwoClasses classes)
      : layout_(std::move(layout)),
        classes_(std::move(classes)),
        features_(static_cast<int64_t>(layout_.format.columns.size()) - 1 - (layout_.ignored ? 1 : 0)) {}

  void take(const Line& line) {
    Row row(line, layout_.format);
    double* out = features_.add_row();
    for (size_t column = 0; column < layout_.format.columns.size(); ++column) {
      if (column == layout_.label) {
        classes_.add(row, row.text());
      } else if (column == layout_.ignored) {
        row.text();
      } else {
        *out++ = row.number();
      }
    }
    row.finish();
  }

  Dataset finish(std::string_view file) {
    Tensor labels = classes_.labels(file);
    return {z_scored(features_), std::move(labels), feature_names(),
            fmt::format("+1 is '{}'", printable(classes_.positive()))};
  }

 private:
  std::vector<std::string> feature_names() const {
    std::vector<std::string> names;
    for (size_t column = 0; column < layout_.format.columns.size(); ++column)
      if (column != layout_.label && column != layout_.ignored)
        names.push_back(layout_.format.columns[column]);
    return names;
  }

  TableLayout layout_;
  TwoClasses classes_;
  FeatureMatrix<double> features_;
};

void check_names(const Line& header, const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, size_t> places;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty())
      refuse(header, fmt::format("column {} has no name; the first line names every column", i + 1));
    if (!is_utf8(names[i]))
      refuse(header, fmt::format("the name of column {}, '{}', is not UTF-8; save the file as UTF-8", i + 1,
                                 printable(names[i])));
    const auto [before, is_new] = places.emplace(names[i], i);
    if (!is_new)
      refuse(header, fmt::format("columns {} and {} are both called '{}'; every name must be its own",
                                 before->second + 1, i + 1, printable(names[i])));
  }
}

TableLayout layout_of(const Line& header, const std::string& label) {
  std::vector<std::string> names = split_cells(header, ',');
  check_names(header, names);
  if (label.empty())
    refuse(header, fmt::format("no label is given; set label to the column that holds the classes, one of {}",
                               listed(names)));
  const auto found = std::find(names.begin(), names.end(), label);
  if (found == names.end()) refuse(header, unknown_name("label column", label, names));
  if (names.size() == 1) refuse(header, "there is no column beside the label; features are needed");
  const size_t column = found - names.begin();
  return {.format = {.separator = ',', .columns = std::move(names)}, .label = column};
}

}  // namespace

Dataset read_table(const DataFiles& files, const std::string& name, const TableLayout& layout,
                   TwoClasses classes) {
  TableReader reader(layout, std::move(classes));
  read_lines(files, name, [&reader](const Line& line) { reader.take(line); });
  return reader.finish(files.shown(name));
}

Dataset read_csv(const DataFiles& files, const std::string& name, const std::string& label) {
  std::optional<TableReader> reader;
  read_lines(files, name, [&](const Line& line) {
    if (reader)
      reader->take(line);
    else
      reader.emplace(layout_of(line, label), TwoClasses());
  });
  return reader->finish(files.shown(name));
}

}  // namespace samplerbench::targets
