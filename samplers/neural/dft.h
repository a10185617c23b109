#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// `dft`, as published: one narrow sigma, the target as it is. `dft-amortised`: the same for all members of
// the target's family. `dft-blur`: the target blurred, many noise levels. `dft-images`: the same on an energy
// model of images, with its nets, weights and rates.
void add_dft(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
