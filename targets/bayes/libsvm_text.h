#pragma once

#include <cstdint>
#include <string>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

// Reads LIBSVM's sparse text (https://www.csie.ntu.edu.tw/~cjlin/libsvm): lines of `label index:value ...`
// with ascending indices from 1. A missing index means 0, and '#' begins a comment. There are two labels; the
// greater number is +1, and the description says which. The features are made dense and z-scored; their
// number is the greatest index. Throws InputError for any other text, for an index above 2^20, and if there
// are more dense features than `most_values` (2^28 of float32 are 1 GiB); the message names file, line and
// value.
Dataset read_libsvm(const DataFiles& files, const std::string& name,
                    int64_t most_values = int64_t{1} << 28);

}  // namespace samplerbench::targets
