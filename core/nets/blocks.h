#pragma once

#include <algorithm>
#include <cstdint>

#include "core/tensor.h"

namespace samplerbench {

// How many numbers of a tensor are worked on at a time: of several tensors that many stay in a core's cache
// from one operation to the next. A multiple of every vector's length, so that results do not depend on it.
constexpr int64_t kBlock = int64_t{1} << 15;

// The length of the blocks that for_blocks() makes of `flat` [P]: all of it where it is on another device.
inline int64_t block_length(const Tensor& flat) {
  return flat.is_cpu() ? std::min(kBlock, flat.size(0)) : flat.size(0);
}

// Calls act(first, n) for the consecutive blocks of `flat` [P].
template <class Act>
void for_blocks(const Tensor& flat, const Act& act) {
  const int64_t length = block_length(flat);
  for (int64_t first = 0; first < flat.size(0); first += length)
    act(first, std::min(length, flat.size(0) - first));
}

}  // namespace samplerbench
