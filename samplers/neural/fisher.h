#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// `fisher`: the Fisher training of the predecessor (Luo et al., arXiv 2306.04952), whose gradient reaches the
// generator through the draws alone: FisherLoss with `through_sample` at one small noise level. Target work
// as there. `fisher-images`: the same on an energy model of images, over its noise levels.
void add_fisher(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
