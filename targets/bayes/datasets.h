#pragma once

#include <string>
#include <vector>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

// What can stand for `data`: the names of known data sets ("synthetic" is made here, without a file).
std::vector<std::string> dataset_names();

// The files that `data` is read from: none for "synthetic", else a path below the data folder, or the user's
// own. Throws InputError, with the nearest known name, where `data` is neither a name nor ends as a file does
// that can be read.
std::vector<std::string> dataset_files(const std::string& data);

// The data set called `data`: a known name; or a file of the user's, which may be gzipped (*.gz): *.csv with
// a header line, whose column `label` holds the classes, or LIBSVM sparse text, *.svm or *.libsvm. Files of
// the user's get z-scored features, and of their two classes the greater (of numbers, else in the order of
// bytes) is +1. `label` is for CSV alone and else empty. Throws InputError that names file, line and value
// for what is unknown, missing or damaged, and what would be valid.
Dataset load_dataset(const std::string& data, const std::string& label, const DataFiles& files);

}  // namespace samplerbench::targets
