#pragma once

#include "core/rng.h"

namespace samplerbench::samplers {

// n indices in [0, size), chosen as evenly as n allows and in random order: [n] int64 on the CPU. Where n is
// at most `size` this is a uniform choice without replacement. Beyond, every index is used n / size times,
// and a uniform choice without replacement fills the rest. `size` is at least 1.
Tensor even_choice(int64_t n, int64_t size, Rng& rng);

}  // namespace samplerbench::samplers
