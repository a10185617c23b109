#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// N(0, [[1, rho], [rho, 1]]) in the plane.
void add_gaussian(TargetRegistry& registry);

}  // namespace samplerbench::targets
