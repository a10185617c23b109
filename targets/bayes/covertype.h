#pragma once

#include <string>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

// Reads UCI Covertype (J. A. Blackard, https://archive.ics.uci.edu/dataset/31). The first line tells which of
// two layouts the file has: 55 columns (10 numbers, 4 + 40 one-hot, class 1..7) or 13 (10 numbers, wilderness
// area 1..4, soil type 1..40, class 1..7), with or without a header line. Both give 54 features: the 10
// numbers as (raw - min) / range of the whole set, then 4 + 40 of 0 or 1. The label is +1 for class 2,
// lodgepole pine, as in LIBSVM's covtype.binary. Leaves the description empty. Throws InputError for anything
// else; the message names file, line, column and value.
Dataset read_covertype(const DataFiles& files, const std::string& name);

}  // namespace samplerbench::targets
