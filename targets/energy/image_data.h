#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// Grey images of one size with classes: training images, to which models are fitted, and test images.
struct ImageData {
  int64_t height = 0, width = 0, classes = 0;
  Tensor training;         // [T, D] uint8, D = height * width, row by row, 0 is the background
  Tensor training_labels;  // [T] int64 in [0, classes)
  Tensor test;             // [M, D] uint8
  Tensor test_labels;      // [M] int64
  std::string name;
};

// Loads "mnist" (idx files in the data folder) or "strokes" (made by this program). Throws InputError for any
// other name, and if a file is missing, damaged or does not fit the others.
ImageData load_images(const std::string& name, const DataFiles& files);

// The names that load_images knows.
std::vector<std::string> image_data_names();

// The files that load_images reads, by their names in DataFiles; none for "strokes". Throws InputError for an
// unknown name.
std::vector<std::string> image_files(const std::string& name);

// uint8 [N, D] -> float32 [N, D] in [0, 1], on the same device.
Tensor as_pixels(const Tensor& images);

// n different ones of the training images, uint8 [T, D] -> float64 [n, D] in [0, 1]. Throws InputError where
// there are fewer.
Tensor some_images(const Tensor& training, int64_t n, Rng& rng);

}  // namespace samplerbench::targets
