#pragma once

#include <cstdint>
#include <optional>

#include "targets/problem.h"

namespace samplerbench::targets {

// Points of the plane in kMixtureClasses equally likely classes, each the half-and-half mixture of two
// Gaussians of standard deviation 0.5. The centres are a choice of this suite:
//   class 0: (-1.7, 0), (-0.9, 1.3)
//   class 1: (0.9, 1.3), (1.7, 0)
//   class 2: (-0.7, -1.3), (0.7, -1.3)
// so that the Gaussians of a class touch, as do those of neighbouring classes. All scores are known.
inline constexpr int64_t kMixtureDim = 2;
inline constexpr int64_t kMixtureClasses = 3;

// The density of the class `chosen`, or of all points, with draws of all classes beside it.
Problem class_mixture(std::optional<int64_t> chosen);

// n independent points with their classes, in float64 on the CPU.
LabelledDraws class_mixture_draws(int64_t n, Rng& rng);

// The score of the density of each point's class: [N, 2], [N] -> [N, 2]; works as a target's score does.
Tensor class_mixture_scores(const Tensor& x, const Tensor& labels);

// class-mixture
void add_class_mixture(TargetRegistry& registry);

}  // namespace samplerbench::targets
