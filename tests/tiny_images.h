#pragma once

#include "targets/energy/image_data.h"

namespace samplerbench::testing {

// Images of 2 x 2 pixels in two classes: all pixels of training image i have the grey level i, from 0 on, and
// those of test image i the level 200 + i, so that a level tells which image it is of. Labels are 0 and 1 in
// turn. At most 200 and 50.
inline targets::ImageData numbered_images(int64_t training = 60, int64_t test = 20) {
  const auto images = [](int64_t first, int64_t count) {
    return torch::arange(first, first + count, torch::kLong).to(torch::kByte).unsqueeze(1).repeat({1, 4});
  };
  const auto labels = [](int64_t count) { return torch::arange(count, torch::kLong) % 2; };
  return {.height = 2,
          .width = 2,
          .classes = 2,
          .training = images(0, training),
          .training_labels = labels(training),
          .test = images(200, test),
          .test_labels = labels(test),
          .name = "numbered"};
}

// The grey level of the image that each point v / 256 is of: [N, D] -> [N] int64, by its first pixel.
inline Tensor number_of(const Tensor& points) {
  return (points.select(1, 0) * 256).floor().to(torch::kLong);
}

}  // namespace samplerbench::testing
