#pragma once

#include <cstdint>
#include <string>

#include "core/tensor.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// Reads a file in the idx format of MNIST (Y. LeCun, C. Cortes and C. Burges) with `dimensions` dimensions:
// the magic number 0x000008 and the number of dimensions, the sizes (32 bits each, big-endian), and unsigned
// bytes. Returns the bytes, uint8, in the file's shape. Throws InputError for another magic number, a size of
// 0, more than 2^32 bytes, and fewer or more bytes than the sizes say; the message names the file.
Tensor read_idx(const DataFiles& files, const std::string& name, int64_t dimensions);

}  // namespace samplerbench::targets
