#pragma once

#include <cstdint>

#include "targets/problem.h"

namespace samplerbench::harness {

// A normal law in `dim` dimensions with all that is known of it, on which samplers are tried. Each coordinate
// has mean 1/2 and variance 1/2: a law that no sampler starts from.
targets::Problem trial_normal(int64_t dim);

}  // namespace samplerbench::harness
