#pragma once

#include <string>

#include "core/archive.h"
#include "targets/classifier/classifier_network.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// A classifier with its weights, as a model file holds them.
struct ClassifierModel {
  ClassifierNetwork network;
  Tensor weights;  // [P]; of a file float32, on the CPU
};

// `weights`: [P].
void put_classifier_model(Archive& archive, const ClassifierShape& shape, const Tensor& weights);

// Throws InputError if the archive holds no such model or a damaged one; the message names `source`.
ClassifierModel get_classifier_model(const Archive& archive, const std::string& source);

// Reads the model in the file `name`. Throws InputError if the file is missing or damaged; the message names
// the file.
ClassifierModel load_classifier_model(const std::string& name, const DataFiles& files);

}  // namespace samplerbench::targets
