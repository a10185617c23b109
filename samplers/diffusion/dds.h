#pragma once

#include "samplers/diffusion/path_process.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Paths of the denoising diffusion sampler (Vargas, Grathwohl and Doucet 2023, arXiv 2302.13834). Back in
// time they are an Ornstein-Uhlenbeck process that keeps r = N(0, s0^2 I), stepped exactly: x = a x' + b s0
// e. Forward a control is added, x' = a x + b^2 s0 u + b s0 e, with a^2 = 1 - b^2 = exp(-rate). The rates add
// up to `total_noise` and fall as cos^4, so that steps near the target are short. The guide is s0 s.
PathProcess dds_process(int64_t steps, double start_sd, double total_noise);

// dds
void add_dds(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
