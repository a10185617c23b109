#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// log q(x) = -(|x| - 2.6)^2 / 0.033.
void add_donut(TargetRegistry& registry);

}  // namespace samplerbench::targets
