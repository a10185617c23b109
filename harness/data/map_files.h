#pragma once

#include <string>

#include "harness/data/data_folder.h"
#include "targets/affine_map.h"

namespace samplerbench::harness {

// The affine map whose mean and factor two .npy files hold, by name. Throws InputError that names the file
// where one is missing, is not such a file, holds another shape or a number that is not finite, or where the
// factor is not lower triangular with a positive diagonal.
targets::AffineMap read_map(const std::string& mean, const std::string& factor, const DataFolder& files);

}  // namespace samplerbench::harness
