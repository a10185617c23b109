#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// Half N((-separation/2, 0), 0.5 I), half N((separation/2, 0), 0.5 I).
void add_mog2(TargetRegistry& registry);

// Half N((-5, 0), 0.5^2 I), half N((5, 0), 0.5^2 I).
void add_mog2_far(TargetRegistry& registry);

}  // namespace samplerbench::targets
