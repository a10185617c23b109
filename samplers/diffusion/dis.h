#pragma once

#include <functional>

#include "samplers/diffusion/path_process.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Paths of the time-reversed diffusion sampler (Berner, Richter and Ullrich 2024, arXiv 2211.01364). Back in
// time they are the process dx = -c x dt + v dB by steps of Euler and Maruyama, v^2 = 2 c s0^2, whose
// stationary law is r = N(0, s0^2 I): x = x' (1 - c h) + v sqrt(h) e. Forward, x' = x + (c x + v u) h + v
// sqrt(h) e. The rate 2 c falls linearly from `first_rate` at the start to `last_rate`. The guide is v (t s +
// (1 - t) s_r), s_r the score of r.
PathProcess dis_process(int64_t steps, double start_sd, double first_rate, double last_rate);

// The same with another fall of the rate, a function of t from 0 at the start to 1.
PathProcess dis_process(int64_t steps, double start_sd, const std::function<double(double)>& rate_at);

// The guide at t, where the rate is that.
PathGuide dis_guide(double t, double rate, double start_sd);

// dis
void add_dis(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
