#pragma once

#include <filesystem>

#include "core/tensor.h"

namespace samplerbench::harness {

// Reads a NumPy .npy file (format 1 or 2; float32 or float64, little endian, C order) of any shape, as
// float64. Throws InputError that names the file and what is wrong: not a .npy, another dtype, Fortran order,
// truncated.
Tensor read_npy(const std::filesystem::path& path);

// The same of a file of unsigned bytes, as uint8: grey levels of images.
Tensor read_npy_bytes(const std::filesystem::path& path);

// The same of the contents of such a file; `path` is its name in messages.
Tensor parse_npy_bytes(const std::string& contents, const std::filesystem::path& path);

// Writes a CPU tensor of float32, float64 or uint8 as .npy format 1, all of it or nothing. Throws
// std::system_error.
void write_npy(const std::filesystem::path& path, const Tensor& values);

}  // namespace samplerbench::harness
