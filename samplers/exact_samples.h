#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// What a method that learns from exact draws says where these come from a pool that holds those on which it
// is judged.
inline constexpr const char* kKeptDraws = "would learn from the kept draws that it is judged on";

// Why such a method cannot learn from what is known of a target by draws_to_learn_from(), "needs exact draws
// of the target"; nothing where it can.
std::optional<std::string> why_nothing_to_learn_from(const targets::Reference& reference);

// What is known of the target, for the method `name` that learns from its exact draws. Throws InputError
// where there are none, or where they come from a pool that holds those on which the method is judged.
const targets::Reference& exact_samples(const SamplerInput& input, const std::string& name);

// n -> [n, D] float64: what the method `name` learns from. That is the target's training_draws where it has
// some, else exact_samples(). Throws InputError as that does.
std::function<Tensor(int64_t, Rng&)> draws_to_learn_from(const SamplerInput& input, const std::string& name);

// How many of the draws x, [N, D] float64, are of the least probable mode; nothing where no modes are known.
std::optional<int64_t> rare_draws(const targets::Reference& reference, const Tensor& x);

// Whether each of them is: [N] bool; undefined where no modes are known.
Tensor is_rare(const targets::Reference& reference, const Tensor& x);

}  // namespace samplerbench::samplers
