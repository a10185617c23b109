#pragma once

#include "targets/energy/model_fit.h"

namespace samplerbench::targets {

// `image-classifier`: fits a feature network to the labels of image data.
void add_image_classifier(ModelFitRegistry& registry);

}  // namespace samplerbench::targets
