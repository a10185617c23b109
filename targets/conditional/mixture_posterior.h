#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// mixture-posterior: x from four equal Gaussians at the corners of a square, given a point c = x + t e: a
// mixture of four Gaussians again, whose weights depend on c. A member of the family over all points.
void add_mixture_posterior(TargetRegistry& registry);

}  // namespace samplerbench::targets
