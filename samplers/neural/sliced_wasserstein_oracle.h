#pragma once

#include "samplers/neural/generator_sampler.h"

namespace samplerbench::samplers {

// The squared sliced Wasserstein-2 distance of two equally large sets of points, x and y [N, D], over
// `directions` [P, D] of length 1: [], differentiable in x. Bonneel, Rabin, Peyre and Pfister 2015.
Tensor sliced_wasserstein_loss(const Tensor& x, const Tensor& y, const Tensor& directions);

// `sliced-wasserstein-oracle`: the generator of the other neural samplers, trained towards fresh exact draws
// of the target: an upper reference for what such a generator can learn, not a sampler. No work on the
// target.
void add_sliced_wasserstein_oracle(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
