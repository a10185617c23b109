#include "targets/bayes/libsvm_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "targets/bayes/feature_matrix.h"
#include "targets/bayes/text_row.h"
#include "targets/bayes/two_classes.h"

namespace samplerbench::targets {
namespace {

// A few letters announce that many columns, and each column takes memory of its own.
constexpr int64_t kMostColumns = int64_t{1} << 20;

struct SparseCell {
  int32_t column;  // from 0
  double value;
};

class LibsvmReader {
 public:
  explicit LibsvmReader(int64_t most_values) : most_values_(most_values) {}

  void take(const Line& line) {
    const Line content{line.text.substr(0, line.text.find('#')), line.number, line.file};
    Cells cells(content, ' ');
    std::string_view word;
    if (!cells.next(word)) return;
    take_label(content, word);
    int64_t last = 0;
    while (cells.next(word)) last = take_cell(line, word, last);
    ends_.push_back(cells_.size());
    columns_ = std::max(columns_, last);
    check_size(line);
  }

  Dataset finish(std::string_view file) {
    Tensor labels = classes_.labels(file);
    if (columns_ == 0) throw InputError(fmt::format("{} has no features; index:value is needed", file));
    FeatureMatrix<double> features(columns_);
    size_t at = 0;
    for (const size_t end : ends_)
      for (double* row = features.add_row(); at < end; ++at) row[cells_[at].column] = cells_[at].value;
    std::vector<SparseCell>().swap(cells_);
    return {z_scored(features), std::move(labels), feature_names(),
            fmt::format("+1 is '{}'", printable(classes_.positive()))};
  }

 private:
  void take_label(const Line& line, std::string_view word) {
    static const RowFormat format{' ', {"label"}};
    const Line alone{word, line.number, line.file};
    Row row(alone, format);
    row.number();
    classes_.add(row, word);
  }

  // Returns the index.
  int64_t take_cell(const Line& line, std::string_view word, int64_t last) {
    const size_t colon = word.find(':');
    if (colon == std::string_view::npos)
      refuse(line, fmt::format("'{}' is not of the form index:value", printable(word)));
    const auto index = parse_whole_number(word.substr(0, colon));
    if (!index || *index <= last || *index > kMostColumns)
      refuse(line,
             fmt::format("'{}': the index is not a whole number from {} to {}; indices begin at 1 and ascend",
                         printable(word), last + 1, kMostColumns));
    const auto value = parse_number(word.substr(colon + 1));
    if (!value || !std::isfinite(static_cast<float>(*value)))
      refuse(line, fmt::format("'{}': the value is not a finite number of 32 bits", printable(word)));
    cells_.push_back({static_cast<int32_t>(*index - 1), *value});
    return *index;
  }

  void check_size(const Line& line) const {
    const auto rows = static_cast<int64_t>(ends_.size());
    if (rows > most_values_ / std::max<int64_t>(columns_, 1))
      refuse(line, fmt::format("{} rows of {} features exceed what is made dense here, {} numbers; give "
                               "fewer rows or features",
                               rows, columns_, most_values_));
  }

  std::vector<std::string> feature_names() const {
    std::vector<std::string> names;
    for (int64_t i = 1; i <= columns_; ++i) names.push_back(fmt::format("feature_{}", i));
    return names;
  }

  int64_t most_values_;
  TwoClasses classes_;
  std::vector<SparseCell> cells_;
  std::vector<size_t> ends_;  // [N] of each row, the end of its cells
  int64_t columns_ = 0;
};

}  // namespace

Dataset read_libsvm(const DataFiles& files, const std::string& name, int64_t most_values) {
  LibsvmReader reader(most_values);
  read_lines(files, name, [&reader](const Line& line) { reader.take(line); });
  return reader.finish(files.shown(name));
}

}  // namespace samplerbench::targets
