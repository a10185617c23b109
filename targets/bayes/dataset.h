#pragma once

#include <string>
#include <vector>

#include "core/tensor.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// Rows of features with a label of two classes.
struct Dataset {
  Tensor
      features;   // [N, F] float32: scaled as the data set's citation says, else z-scored with population sds
  Tensor labels;  // [N] float32, +1 or -1
  std::vector<std::string> feature_names;  // F of them
  std::string description;                 // one line for reports: what it is, rows, features, source
};

}  // namespace samplerbench::targets
