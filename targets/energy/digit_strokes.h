#pragma once

#include <cstdint>

#include "targets/energy/image_data.h"

namespace samplerbench::targets {

// "strokes": digits that this program draws, 28 x 28, in ten classes of equal size (to one image). Each image
// has the strokes of its class under a random affine map (scale, rotation, shear, shift), drawn by a pen of
// random width, antialiased. The images are always the same and need no download. They stand in for
// handwriting.
ImageData digit_strokes(int64_t training = 10000, int64_t test = 10000);

}  // namespace samplerbench::targets
