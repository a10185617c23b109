#pragma once

#include <string>

#include "targets/bayes/dataset.h"

namespace samplerbench::targets {

// Reads LIBSVM's sparse text (https://www.csie.ntu.edu.tw/~cjlin/libsvm): lines of `label index:value ...`,
// indices from 1 and ascending, what is absent being 0, a comment after '#'. Two labels, of which the greater
// number is +1. The features are made dense and z-scored; there are as many as the greatest index. Throws
// InputError that names file, line and value for all that is not so, and where the dense features would
// exceed 1 GiB. The description says which label is +1.
Dataset read_libsvm(const DataFiles& files, const std::string& name);

}  // namespace samplerbench::targets
