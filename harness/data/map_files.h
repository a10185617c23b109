#pragma once

#include "harness/data/data_folder.h"
#include "harness/records/choice.h"
#include "targets/affine_map.h"

namespace samplerbench::harness {

// The affine map that two .npy files hold. Throws InputError that names the file where one is missing, is not
// such a file, holds another shape or a number that is not finite, or where the factor is not lower triangular
// with a positive diagonal.
targets::AffineMap read_map(const MapFiles& names, const DataFolder& files);

}  // namespace samplerbench::harness
