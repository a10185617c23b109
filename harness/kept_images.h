#pragma once

#include <filesystem>

#include "core/json.h"
#include "targets/problem.h"

namespace samplerbench::harness {

// The images beside a record: <key>.images.npy for <key>.jsonl.
std::filesystem::path images_beside(std::filesystem::path record);

// Keeps the first hundred of the draws [N, D] of a target on images, grey levels in [0, 1] cut to it (black
// where they are not numbers), as bytes [n, height, width] beside the record, whole or not at all. What the
// record's end line says of them: {"file", "height", "width", "n"}. Throws CannotWrite.
Json keep_images(const Tensor& draws, const targets::Images& images, const std::filesystem::path& record);

}  // namespace samplerbench::harness
