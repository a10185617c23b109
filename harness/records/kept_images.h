#pragma once

#include <filesystem>

#include "harness/records/end_line.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// Keeps the first hundred of the draws [N, D] of a target on images, their grey levels cut to [0, 1] (black
// where they are not numbers), as bytes [n, height, width] beside the record, whole or not at all. Returns
// what the record's end line says of them. Throws CannotWrite.
KeptImages keep_images(const Tensor& draws, const targets::Images& images,
                       const std::filesystem::path& record);

}  // namespace samplerbench::harness
