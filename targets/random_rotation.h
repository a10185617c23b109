#pragma once

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// A uniformly random orthogonal matrix, [dim, dim] float64: the Q of a matrix of normals whose R has a
// positive diagonal. That one is unique, so that it does not depend on the library that decomposes.
Tensor random_rotation(int64_t dim, Rng& rng);

}  // namespace samplerbench::targets
