#include "targets/bayes/datasets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>

#include "core/error.h"
#include "core/printable.h"
#include "core/suggest.h"
#include "targets/bayes/covertype.h"
#include "targets/bayes/labelled_table.h"
#include "targets/bayes/libsvm_text.h"
#include "targets/bayes/synthetic.h"

namespace samplerbench::targets {
namespace {

// A data set that has a name.
struct Known {
  std::string name;
  std::string file;    // empty: none is read
  std::string source;  // ends the description
  std::function<Dataset(const DataFiles&, const std::string& file)> read;
};

std::vector<std::string> numbered(const std::string& stem, int64_t count) {
  std::vector<std::string> names;
  for (int64_t i = 1; i <= count; ++i) names.push_back(fmt::format("{}_{}", stem, i));
  return names;
}

std::vector<std::string> wdbc_columns() {
  std::vector<std::string> names{"id", "diagnosis"};
  for (const char* statistic : {"mean", "standard_error", "worst"})
    for (const char* measure : {"radius", "texture", "perimeter", "area", "smoothness", "compactness",
                                "concavity", "concave_points", "symmetry", "fractal_dimension"})
      names.push_back(fmt::format("{}_{}", measure, statistic));
  return names;
}

// Features first, the class last.
TableLayout class_last(std::vector<std::string> columns, char separator) {
  const size_t features = columns.size();
  columns.emplace_back("class");
  return {.format = {separator, std::move(columns)}, .label = features};
}

auto table(TableLayout layout, const TwoClasses& classes) {
  return [layout = std::move(layout), classes](const DataFiles& files, const std::string& file) {
    return read_table(files, file, layout, classes);
  };
}

std::vector<Known> make_known() {
  const std::string covertype =
      "UCI Covertype (J. A. Blackard, Colorado State University; CC BY 4.0), 10 numbers scaled to [0, 1] and "
      "44 "
      "one-hot; +1 is cover type 2, lodgepole pine";
  return {
      {"covertype", "covertype/covtype.data.gz", covertype, read_covertype},
      {"covertype-subset", "covertype/covtype_sub.csv.gz", "a random subset of " + covertype, read_covertype},
      {"german", "logistic/german.data-numeric",
       "UCI Statlog German credit, numeric (H. Hofmann; CC BY 4.0), z-scored; +1 is class 2, a bad risk",
       table(class_last(numbered("attribute", 24), ' '), {"1", "2"})},
      {"ionosphere", "logistic/ionosphere.data",
       "UCI Ionosphere (V. Sigillito; CC BY 4.0), z-scored; +1 is g, a good radar return",
       table(class_last(numbered("attribute", 34), ','), {"b", "g"})},
      {"sonar", "logistic/sonar.all-data",
       "UCI Connectionist Bench, sonar (T. Sejnowski, R. Gorman; CC BY 4.0), z-scored; +1 is M, a metal "
       "cylinder",
       table(class_last(numbered("band", 60), ','), {"R", "M"})},
      {"synthetic", "", "", [](const DataFiles&, const std::string&) { return synthetic_dataset(); }},
      {"wdbc", "logistic/wdbc.data",
       "UCI Breast Cancer Wisconsin, diagnostic (W. Wolberg, O. Mangasarian, N. Street; CC BY 4.0), "
       "z-scored; +1 is "
       "M, malignant",
       table({.format = {',', wdbc_columns()}, .label = 1, .ignored = 0}, {"B", "M"})},
  };
}

const std::vector<Known>& known_datasets() {
  static const std::vector<Known> known = make_known();
  return known;
}

const Known* find_known(const std::string& data) {
  const auto& known = known_datasets();
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Known& entry) { return entry.name == data; });
  return found == known.end() ? nullptr : &*found;
}

enum class UserFormat { kCsv, kLibsvm };

// By the end of the file's name. Throws InputError for any other.
UserFormat user_format(const std::string& data) {
  std::string name = data;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (name.ends_with(".csv")) return UserFormat::kCsv;
  if (name.ends_with(".svm") || name.ends_with(".libsvm")) return UserFormat::kLibsvm;
  throw InputError(unknown_name("data", data, dataset_names()) +
                   "; or a file that ends in .csv, .svm or .libsvm, with .gz after it where it is gzipped");
}

std::string describe(const std::string& data, const Dataset& set, const std::string& source) {
  return fmt::format("{}: {} rows, {} features; {}", printable(data, 200), set.features.size(0),
                     set.features.size(1), source);
}

void refuse_label(const std::string& data, const std::string& label) {
  if (!label.empty())
    throw InputError(
        fmt::format("label '{}' is given, but data '{}' tells its classes itself; a label is for .csv "
                    "files, leave it empty here",
                    printable(label), printable(data, 200)));
}

}  // namespace

std::vector<std::string> dataset_names() {
  std::vector<std::string> names;
  for (const Known& known : known_datasets()) names.push_back(known.name);
  return names;
}

std::vector<std::string> dataset_files(const std::string& data) {
  if (const Known* known = find_known(data))
    return known->file.empty() ? std::vector<std::string>{} : std::vector<std::string>{known->file};
  user_format(data);
  return {data};
}

Dataset load_dataset(const std::string& data, const std::string& label, const DataFiles& files) {
  if (const Known* known = find_known(data)) {
    refuse_label(data, label);
    Dataset set = known->read(files, known->file);
    if (!known->source.empty()) set.description = describe(data, set, known->source);
    return set;
  }
  if (user_format(data) == UserFormat::kCsv) {
    Dataset set = read_csv(files, data, label);
    set.description =
        describe(data, set, fmt::format("z-scored; column '{}', {}", printable(label), set.description));
    return set;
  }
  refuse_label(data, label);
  Dataset set = read_libsvm(files, data);
  set.description = describe(data, set, "LIBSVM sparse text, z-scored; " + set.description);
  return set;
}

}  // namespace samplerbench::targets
