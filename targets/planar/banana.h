#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// x1 ~ N(0, s^2), x2 | x1 ~ N(c (x1^2 - s^2), 1) with curvature c and standard deviation s.
void add_banana(TargetRegistry& registry);

}  // namespace samplerbench::targets
