#pragma once

#include <string>
#include <vector>

#include "core/tensor.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// Rows of features, each with a label of one of two classes.
struct Dataset {
  Tensor
      features;   // [N, F] float32: scaled as the data set's citation says, else z-scored with population sds
  Tensor labels;  // [N] float32, +1 or -1
  std::vector<std::string> feature_names;  // F of them
  std::string description;                 // one line for reports: what it is, rows, features, source
};

// The features and a last column of ones: [N, F + 1].
Tensor with_constant(const Tensor& features);

// The rows y_i (x_i, 1) of a data set: [N, F + 1] float32.
Tensor signed_rows(const Dataset& data);

}  // namespace samplerbench::targets
