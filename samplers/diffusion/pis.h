#pragma once

#include "samplers/diffusion/path_process.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Paths of the path integral sampler (Zhang and Chen 2022, arXiv 2111.15141): Brownian motion from the origin
// with a drift, x' = x + v u h + v sqrt(h) e, against the Brownian bridge that runs back. Without control
// they end in N(0, end_sd^2 I), sum v^2 h = end_sd^2, h = 1 / K. The guide is end_sd t s, which for end_sd =
// 1 is the paper's.
PathProcess pis_process(int64_t steps, double end_sd, NoiseFall fall);

// pis
void add_pis(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
