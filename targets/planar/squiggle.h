#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// (x1, x2 + sin 5 x1) ~ N(0, [[2, 0.25], [0.25, 0.5]]).
void add_squiggle(TargetRegistry& registry);

}  // namespace samplerbench::targets
