#pragma once

#include <string>
#include <vector>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

// The names of the known data sets. "synthetic" is made here and needs no file.
std::vector<std::string> dataset_names();

// The files that `data` is read from: none for "synthetic", else a path below the data folder or the user's
// path. Throws InputError if `data` is no known name and has no known file ending; the message suggests the
// nearest name.
std::vector<std::string> dataset_files(const std::string& data);

// The data set `data`: a known name or a user's file. A file is CSV with a header line (*.csv), whose column
// `label` holds the classes, or LIBSVM's sparse text (*.svm, *.libsvm); either may be gzipped (*.gz).
// Features of a user's file are z-scored. The greater of its two classes is +1: the greater number, or else
// the later in the order of bytes. `label` is empty except for CSV. Throws InputError for data that is
// unknown, missing or damaged; the message names file, line and value and says what is valid.
Dataset load_dataset(const std::string& data, const std::string& label, const DataFiles& files);

}  // namespace samplerbench::targets
