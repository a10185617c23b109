#pragma once

#include <cstdint>

#include "targets/energy/image_data.h"

namespace samplerbench::targets {

// "strokes": digits drawn by this program, 28 x 28, in ten classes of equal size (to one image). Each is the
// strokes of its class under a random affine map (scale, rotation, shear, shift), with a pen of random width,
// antialiased. Nobody's handwriting: a stand-in that needs no download. The same images every time.
ImageData digit_strokes(int64_t training = 10000, int64_t test = 10000);

}  // namespace samplerbench::targets
