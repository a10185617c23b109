#pragma once

#include <memory>
#include <string>

#include "core/archive.h"
#include "targets/data_files.h"
#include "targets/flow/flow_network.h"

namespace samplerbench::targets {

// A flow with its weights, as a model file holds them.
struct FlowModel {
  std::shared_ptr<const FlowNetwork> network;
  Tensor weights;  // [P] float32 or float64, on the CPU
};

// `weights`: [P].
void put_flow_model(Archive& archive, const FlowShape& shape, const Tensor& weights);

// Throws InputError if the archive holds no such model or a damaged one; the message names `source`.
FlowModel get_flow_model(const Archive& archive, const std::string& source);

// Reads the model in the file `name`. Throws InputError if the file is missing or damaged; the message names
// the file.
FlowModel load_flow_model(const std::string& name, const DataFiles& files);

}  // namespace samplerbench::targets
