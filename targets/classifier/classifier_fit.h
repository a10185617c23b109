#pragma once

#include "targets/energy/model_fit.h"

namespace samplerbench::targets {

// `aligned-classifier`: fits a classifier whose logits are to be log densities of the classes.
void add_aligned_classifier(ModelFitRegistry& registry);

}  // namespace samplerbench::targets
