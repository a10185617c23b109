#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// 16 independent pairs (a double well, a standard normal):
// log q(x) = sum over pairs of -x1^4 + 6 x1^2 + x1/2 - x2^2/2.
void add_many_well_32(TargetRegistry& registry);

}  // namespace samplerbench::targets
