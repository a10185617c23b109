#pragma once

#include "samplers/diffusion/path_process.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Paths of controlled Monte Carlo diffusions (Vargas, Padhy, Blessing and Nuesken 2024, arXiv 2307.01050):
// Langevin steps on the laws between r = N(0, s0^2 I) and the target q, log q_b = (1 - b) log r + b log q,
// with a control that follows the change of b,
//   forward   x' = x + v^2 (s_b(x) + u(x)) h + v sqrt(2h) e
//   backward  x = x' + v^2 (s_b(x') - u(x')) h + v sqrt(2h) e
// Both use the b in the middle of the step. v falls from `diffusion` s0; without control this is annealed
// importance sampling by Langevin steps. The guide is s0 s_b, and u is in units of 1 / s0.
PathProcess cmcd_process(int64_t steps, double start_sd, double diffusion, NoiseFall fall);

// cmcd
void add_cmcd(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
