#pragma once

#include "targets/energy/image_data.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// How images become points of a target. Each grey level l gets a uniform number u in [0, 1), fresh for every
// draw: v = l + u. A coordinate of the point is then v / 256, or the logit of
// z = (v / 256 + 1e-6) (1 - 2e-6) over alpha, as the released code of Chao et al. (arXiv 2305.15267) has it.
struct ImageDrawsSettings {
  bool logit = false;
  double alpha = 0.5;       // of the logit
  bool validation = false;  // judged by a sixth of the training images in place of the test images
};

// The law of images, which is known by its draws alone. The last sixth of the training images is held out: of
// MNIST's 60,000 methods learn from the first 50,000, with their labels where they want them. What metrics
// compare with, exact_draws and test_points, are the test images, or those held out. Throws InputError where
// there are too few images for such a split.
Problem image_draws(const ImageData& data, const ImageDrawsSettings& settings,
                    const ImageFeatures& network = {});

// image-data
void add_image_data(TargetRegistry& registry);

}  // namespace samplerbench::targets
