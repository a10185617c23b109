#include "targets/bayes/covertype.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "targets/bayes/feature_matrix.h"
#include "targets/bayes/text_row.h"
#include "targets/bayes/two_classes.h"

namespace samplerbench::targets {
namespace {

struct Numeric {
  const char* name;
  double least;
  double range;
};

// Minimum and range over the 581,012 rows.
constexpr std::array<Numeric, 10> kNumerics{{{"Elevation", 1859, 1999},
                                             {"Aspect", 0, 360},
                                             {"Slope", 0, 66},
                                             {"Horizontal_Distance_To_Hydrology", 0, 1397},
                                             {"Vertical_Distance_To_Hydrology", -173, 774},
                                             {"Horizontal_Distance_To_Roadways", 0, 7117},
                                             {"Hillshade_9am", 0, 254},
                                             {"Hillshade_Noon", 0, 254},
                                             {"Hillshade_3pm", 0, 254},
                                             {"Horizontal_Distance_To_Fire_Points", 0, 7173}}};
constexpr int64_t kAreas = 4;
constexpr int64_t kSoils = 40;
constexpr int64_t kCoverTypes = 7;
constexpr int64_t kLodgepolePine = 2;

std::vector<std::string> numeric_names() {
  std::vector<std::string> names;
  for (const Numeric& numeric : kNumerics) names.emplace_back(numeric.name);
  return names;
}

std::vector<std::string> feature_names() {
  std::vector<std::string> names = numeric_names();
  for (int64_t i = 1; i <= kAreas; ++i) names.push_back(fmt::format("Wilderness_Area_{}", i));
  for (int64_t i = 1; i <= kSoils; ++i) names.push_back(fmt::format("Soil_Type_{}", i));
  return names;
}

std::vector<std::string> column_names(bool one_hot) {
  std::vector<std::string> names = one_hot ? feature_names() : numeric_names();
  if (!one_hot) names.insert(names.end(), {"Wilderness_Area", "Soil_Type"});
  names.emplace_back("Cover_Type");
  return names;
}

class CovertypeReader {
 public:
  void take(const Line& line) {
    if (!format_.columns.empty() || begin(line)) take_row(line);
  }

  Dataset finish(std::string_view file) {
    Tensor labels = classes_.labels(file);
    return {features_.tensor(), std::move(labels), feature_names(), {}};
  }

 private:
  // Tells the layout. Returns whether the line is a row, and not a header.
  bool begin(const Line& line) {
    const std::vector<std::string> cells = split_cells(line, ',');
    for (const bool one_hot : {true, false}) {
      format_.columns = column_names(one_hot);
      one_hot_ = one_hot;
      if (cells.size() == format_.columns.size())
        return std::any_of(cells.begin(), cells.end(), [](const auto& cell) { return parse_number(cell); });
    }
    refuse(line, fmt::format("{} columns; Covertype has 55 (one-hot) or 13 (compact)", cells.size()));
  }

  void take_row(const Line& line) {
    Row row(line, format_);
    float* out = features_.add_row();
    for (const Numeric& numeric : kNumerics)
      *out++ = static_cast<float>((row.number() - numeric.least) / numeric.range);
    for (const int64_t size : {kAreas, kSoils}) {
      if (one_hot_)
        take_flags(line, row, size, out);
      else
        take_index(row, size, out);
      out += size;
    }
    classes_.add(row.whole_number(1, kCoverTypes) == kLodgepolePine);
    row.finish();
  }

  static void take_index(Row& row, int64_t size, float* out) { out[row.whole_number(1, size) - 1] = 1; }

  static void take_flags(const Line& line, Row& row, int64_t size, float* out) {
    int64_t ones = 0;
    for (int64_t i = 0; i < size; ++i) {
      const int64_t flag = row.whole_number(0, 1);
      out[i] = static_cast<float>(flag);
      ones += flag;
    }
    if (ones != 1)
      refuse(line, fmt::format("{} of the {} columns of {} are 1; exactly one must be", ones, size,
                               size == kAreas ? "Wilderness_Area" : "Soil_Type"));
  }

  RowFormat format_;
  bool one_hot_ = false;
  FeatureMatrix<float> features_{static_cast<int64_t>(kNumerics.size()) + kAreas + kSoils};
  TwoClasses classes_{"other than 2", "2"};
};

}  // namespace

Dataset read_covertype(const DataFiles& files, const std::string& name) {
  CovertypeReader reader;
  read_lines(files, name, [&reader](const Line& line) { reader.take(line); });
  return reader.finish(files.shown(name));
}

}  // namespace samplerbench::targets
