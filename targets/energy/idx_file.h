#pragma once

#include <cstdint>
#include <string>

#include "core/tensor.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// Reads a file of unsigned bytes in `dimensions` dimensions in the idx format of MNIST (Y. LeCun, C. Cortes
// and C. Burges): the magic number 0x000008 and the dimensions, the sizes, each of 32 bits, big-endian, and
// the bytes. Returns them, uint8, in the file's shape. Throws InputError, which names the file, for another
// magic number, sizes that are 0 or make more than 2^32 bytes, and fewer or more bytes than the sizes say.
Tensor read_idx(const DataFiles& files, const std::string& name, int64_t dimensions);

}  // namespace samplerbench::targets
